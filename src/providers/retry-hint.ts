import { asObject } from './as-object.ts';
import type { ReplyHeaders } from './rate-limits.ts';

/** The longest hint that is accepted, in milliseconds: one day. */
const LONGEST_HINT_MS = 86_400_000;

const accepted = (hintMs: number): number | undefined =>
  hintMs >= 0 && hintMs <= LONGEST_HINT_MS ? hintMs : undefined;

const toNumber = (text: string | null | undefined): number =>
  text === null || text === undefined || text.trim() === '' ? Number.NaN : Number(text);

/** Returns the milliseconds of a protobuf duration such as `45.8379s`; `NaN` for other texts. */
const durationMs = (text: string): number =>
  text.endsWith('s') ? toNumber(text.slice(0, -1)) * 1000 : Number.NaN;

/**
 * Returns how long a provider asks to wait, in milliseconds. Reads the headers `retry-after-ms` and `retry-after`, in
 * seconds or as an HTTP date. Returns `undefined` if there is no hint, or none up to one day.
 *
 * @param nowMs the current time, for HTTP dates in responses without a `date` header.
 */
export const retryHintMs = (headers: ReplyHeaders | undefined, nowMs: number): number | undefined => {
  const milliseconds = accepted(toNumber(headers?.get('retry-after-ms')));
  if (milliseconds !== undefined) return milliseconds;
  const after = headers?.get('retry-after');
  const seconds = toNumber(after);
  if (!Number.isNaN(seconds)) return accepted(seconds * 1000);
  const date = after ? Date.parse(after) : Number.NaN;
  const dateMs = Date.parse(headers?.get('date') ?? '');
  return Number.isNaN(date)
    ? undefined
    : accepted(Math.max(0, date - (Number.isNaN(dateMs) ? nowMs : dateMs)));
};

/** Returns the same from a `google.rpc.RetryInfo` in the details of an error body. */
export const retryInfoMs = (details: unknown): number | undefined => {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    const { retryDelay } = asObject(detail);
    if (typeof retryDelay === 'string') return accepted(durationMs(retryDelay));
  }
  return undefined;
};

/** Returns whether a provider advises to retry, by the header `x-should-retry`; `undefined` if it does not say. */
export const retryAdvice = (headers: ReplyHeaders | undefined): boolean | undefined => {
  const advice = headers?.get('x-should-retry');
  return advice === 'true' || advice === 'false' ? advice === 'true' : undefined;
};
