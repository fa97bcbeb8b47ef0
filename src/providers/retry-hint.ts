import { asObject } from './as-object.ts';
import type { ReplyHeaders } from './rate-limits.ts';

/** The longest time to wait, in milliseconds: one day. A longer hint counts as this. */
const LONGEST_HINT_MS = 86_400_000;

/** Returns a hint that can be obeyed; `undefined` if it is not a time, such as −1 or infinity. */
const accepted = (hintMs: number): number | undefined =>
  hintMs >= 0 && hintMs < Number.POSITIVE_INFINITY ? Math.min(hintMs, LONGEST_HINT_MS) : undefined;

const toNumber = (text: string | null | undefined): number =>
  text === null || text === undefined || text.trim() === '' ? Number.NaN : Number(text);

const longest = (hints: readonly (number | undefined)[]): number | undefined =>
  hints.reduce((most, hint) => (hint === undefined || hint < (most ?? 0) ? most : hint), undefined);

/** A refusal that may say how long to wait. */
export interface HintedReply {
  readonly headers: ReplyHeaders | undefined;
  readonly status?: number | undefined;
  /** The body, or the part of it about the error. */
  readonly body?: unknown;
  /** The current time, for points in time in replies without a `date` header. */
  readonly nowMs: number;
}

/**
 * Returns how long a provider asks to wait, in milliseconds, at most a day. Reads the headers `retry-after-ms` and
 * `retry-after`, in seconds or as HTTP dates: the longest, if there are several. A reply with status 429 may say instead
 * when its limits are reset. OpenRouter also writes such headers of the provider behind it into the body. Returns
 * `undefined` if there is no hint.
 */
export const retryHintMs = ({ headers, status, body, nowMs }: HintedReply): number | undefined => {
  const inBody = headersIn(body);
  return (
    explicitHintMs(headers, nowMs) ??
    (inBody && explicitHintMs(inBody, nowMs)) ??
    (status === 429 ? longest([headers, inBody].map((some) => resetHintMs(some, nowMs))) : undefined)
  );
};

const explicitHintMs = (headers: ReplyHeaders | undefined, nowMs: number): number | undefined =>
  longest(values(headers, 'retry-after-ms').map((text) => accepted(toNumber(text)))) ??
  longest(values(headers, 'retry-after').map((text) => retryAfterMs(text, headers, nowMs)));

/** Returns the values of a header that was sent several times. A comma also follows the weekday of a date. */
const values = (headers: ReplyHeaders | undefined, name: string): readonly string[] =>
  headers
    ?.get(name)
    ?.match(/[a-z]{3,9},[^,]*|[^,]+/gi)
    ?.map((text) => text.trim()) ?? [];

const retryAfterMs = (text: string, headers: ReplyHeaders | undefined, nowMs: number): number | undefined => {
  const seconds = toNumber(text);
  if (!Number.isNaN(seconds)) return accepted(seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : accepted(Math.max(0, date - nowOf(headers, nowMs)));
};

/** Returns the time of a reply by its own clock, if it says so: the local one may be wrong. */
const nowOf = (headers: ReplyHeaders | undefined, nowMs: number): number => {
  const date = Date.parse(headers?.get('date') ?? '');
  return Number.isNaN(date) ? nowMs : date;
};

/** The headers with the time of a reset, each with the header of what is left until then. */
const RESETS = [
  ...['', '-requests', '-tokens'].map(
    (of) => [`x-ratelimit-reset${of}`, `x-ratelimit-remaining${of}`] as const,
  ),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
    (of) => [`anthropic-ratelimit-${of}-reset`, `anthropic-ratelimit-${of}-remaining`] as const,
  ),
  ['ratelimit-reset', 'ratelimit-remaining'] as const,
];

/** Returns the time until the limits are reset of which nothing is left, or of which it is not known what is left. */
const resetHintMs = (headers: ReplyHeaders | undefined, nowMs: number): number | undefined =>
  longest(
    RESETS.map(([reset, remaining]) => {
      const left = headers?.get(remaining) ?? null;
      const at = headers?.get(reset) ?? null;
      return at === null || (left !== null && Number(left) > 0)
        ? undefined
        : accepted(untilResetMs(at.trim(), nowOf(headers, nowMs)));
    }),
  );

/** The least numbers that are points in time, in seconds and in milliseconds since 1970. Smaller ones are seconds to wait. */
const [FROM_SECONDS, FROM_MILLISECONDS] = [1e9, 1e12];

/** Reads a duration such as `6m0s`, seconds, seconds or milliseconds since 1970, or a date. */
const untilResetMs = (text: string, nowMs: number): number => {
  const number = toNumber(text);
  if (number >= FROM_MILLISECONDS) return Math.max(0, number - nowMs);
  if (number >= FROM_SECONDS) return Math.max(0, number * 1000 - nowMs);
  if (!Number.isNaN(number)) return number * 1000;
  const duration = durationMs(text);
  return Number.isNaN(duration) ? Math.max(0, Date.parse(text) - nowMs) : duration;
};

/** Matches a duration such as `1h2m3.5s` or `12ms`. */
const UNITS =
  /^(?:(\d{1,4})h)?(?:(\d{1,5})m(?!s))?(?:(\d{1,7}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?$/;

/** Returns the milliseconds of a duration such as `1h2m3.5s`, `12ms` or `45.8379s`; `NaN` for other texts. */
export const durationMs = (text: string): number => {
  const [, hours, minutes, seconds, milliseconds] = (text !== '' && UNITS.exec(text)) || [];
  if ((hours ?? minutes ?? seconds ?? milliseconds) === undefined) return Number.NaN;
  return (
    Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000 +
    Number(seconds ?? 0) * 1000 +
    Number(milliseconds ?? 0)
  );
};

/** Returns the headers that OpenRouter writes into the body of an error: `error.metadata.headers`. */
const headersIn = (body: unknown): ReplyHeaders | undefined => {
  const outer = asObject(body);
  const { metadata } = asObject(outer.error ?? outer);
  const entries = Object.entries(asObject(asObject(metadata).headers)).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  if (entries.length === 0) return undefined;
  const named = new Map(entries);
  return {
    get: (name) => {
      const value = named.get(name);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
    },
  };
};

/** Returns the hint of a `google.rpc.RetryInfo` in the details of an error body. */
export const retryInfoMs = (details: unknown): number | undefined => {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    const { retryDelay } = asObject(detail);
    if (typeof retryDelay === 'string') return accepted(protobufMs(retryDelay));
  }
  return undefined;
};

/** Returns the milliseconds of a protobuf duration such as `45.8379s`; `NaN` for other texts. */
const protobufMs = (text: string): number =>
  text.endsWith('s') ? toNumber(text.slice(0, -1)) * 1000 : Number.NaN;

/** Returns whether a provider advises to retry, by the header `x-should-retry`; `undefined` if it does not say. */
export const retryAdvice = (headers: ReplyHeaders | undefined): boolean | undefined => {
  const advice = headers?.get('x-should-retry');
  return advice === 'true' || advice === 'false' ? advice === 'true' : undefined;
};
