import type { ReplyHeaders } from './rate-limits.ts';

/** The longest hint that is believed, in milliseconds: a day. */
const LONGEST_HINT_MS = 86_400_000;

const believed = (hintMs: number): number | undefined =>
  hintMs >= 0 && hintMs <= LONGEST_HINT_MS ? hintMs : undefined;

const toNumber = (text: string | null | undefined): number =>
  text === null || text === undefined || text.trim() === '' ? Number.NaN : Number(text);

/** The milliseconds of a protobuf duration such as `45.8379s`; `NaN` for anything else. */
const durationMs = (text: string): number =>
  text.endsWith('s') ? toNumber(text.slice(0, -1)) * 1000 : Number.NaN;

/**
 * How long a provider asks to wait, in milliseconds, from its headers: `retry-after-ms`, or `retry-after` in
 * seconds or as an HTTP date. `undefined` where it says nothing, or nothing that can be believed.
 *
 * @param nowMs the time of day, for HTTP dates in replies that do not say by their own `date` what time it is.
 */
export const retryHintMs = (headers: ReplyHeaders | undefined, nowMs: number): number | undefined => {
  const milliseconds = believed(toNumber(headers?.get('retry-after-ms')));
  if (milliseconds !== undefined) return milliseconds;
  const after = headers?.get('retry-after');
  const seconds = toNumber(after);
  if (!Number.isNaN(seconds)) return believed(seconds * 1000);
  const date = after ? Date.parse(after) : Number.NaN;
  const saidMs = Date.parse(headers?.get('date') ?? '');
  return Number.isNaN(date)
    ? undefined
    : believed(Math.max(0, date - (Number.isNaN(saidMs) ? nowMs : saidMs)));
};

/** The same from a `google.rpc.RetryInfo` in the details of an error body. */
export const retryInfoMs = (details: unknown): number | undefined => {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    const delay: unknown =
      typeof detail === 'object' && detail !== null ? Reflect.get(detail, 'retryDelay') : undefined;
    if (typeof delay === 'string') return believed(durationMs(delay));
  }
  return undefined;
};
