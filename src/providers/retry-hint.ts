import { isObject } from '../domain/is-object.ts';
import { asObject } from './as-object.ts';
import type { ReplyHeaders } from './rate-limits.ts';
import {
  believed,
  dateOf,
  durationMs,
  httpDatesIn,
  LONGEST_WAIT_MS,
  plainNumber,
  untilResetMs,
} from './wait-time.ts';

/** A refusal that may say how long to wait. */
export interface HintedReply {
  readonly headers?: ReplyHeaders | undefined;
  /** The status, or that of the same error alone if it is within a reply. */
  readonly status?: number | undefined;
  /** The body, or the part of it about the error. */
  readonly body?: unknown;
  /** The current time, for points in time in replies without a `date` header. */
  readonly nowMs: number;
}

/**
 * Returns how long a provider asks to wait, in milliseconds; `undefined` if it does not say. A wait above a day is a day.
 *
 * An explicit hint comes first: `retry-after-ms`, `x-ms-retry-after-ms` and `retry-after` (seconds or a date), and the
 * same in a body. Of several values, the longest applies. Otherwise, a 429 says when the limit that is used up is reset, or
 * its message how long to wait.
 */
export const retryHintMs = ({ headers, status, body, nowMs }: HintedReply): number | undefined => {
  const dateMs = dateOf(headers);
  const atMs = Number.isNaN(dateMs) ? nowMs : dateMs;
  const error = errorIn(body);
  const sources = [headers, headersIn(error)].filter((source) => source !== undefined);
  const explicit = longest([
    ...sources.map((source) => explicitHintMs(source, atMs)),
    ...[error, asObject(error.metadata)].map(hintInFields),
  ]);
  if (explicit !== undefined && explicit > 0) return explicit;
  const isRefusedForNow = status === 429 || status === 503;
  return longest([
    explicit,
    // Every reply has these headers, and other failures have nothing to do with them.
    status === 429 ? longest(sources.map((source) => resetHintMs(source, atMs))) : undefined,
    isRefusedForNow ? hintInMessage(error.message) : undefined,
  ]);
};

const longest = (waits: readonly (number | undefined)[]): number | undefined =>
  waits.reduce(
    (most, wait) => (wait !== undefined && !(most !== undefined && most >= wait) ? wait : most),
    undefined,
  );

/** Returns the error in a body. Some bodies are in an array, and some errors are not in an object of their own. */
const errorIn = (body: unknown): Readonly<Record<string, unknown>> => {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const { error } = asObject(outer);
  return asObject(isObject(error) ? error : outer);
};

/** Returns the headers of the provider behind OpenRouter, which it puts into `error.metadata.headers`. */
const headersIn = (error: Readonly<Record<string, unknown>>): ReplyHeaders | undefined => {
  const { headers } = asObject(error.metadata);
  if (!isObject(headers)) return undefined;
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    get(name) {
      const value: unknown = values.get(name);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
    },
  };
};

/** The wait in headers that are made for it. Of values that say the same, the one in milliseconds is more precise. */
const explicitHintMs = (headers: ReplyHeaders, nowMs: number): number | undefined => {
  const precise = longest(
    ['retry-after-ms', 'x-ms-retry-after-ms'].flatMap((name) =>
      (headers.get(name) ?? '').split(',').map((text) => believed(plainNumber(text))),
    ),
  );
  const rough = longest(
    ['retry-after', 'x-ms-retry-after', 'x-retry-after'].map((name) =>
      retryAfterMs(headers.get(name) ?? '', nowMs),
    ),
  );
  return precise !== undefined && (rough ?? 0) - precise <= 1000 ? precise : rough;
};

/** Reads `retry-after`: seconds, or a date. A `fetch` joins several values by commas. */
const retryAfterMs = (text: string, nowMs: number): number | undefined => {
  const { dates, rest } = httpDatesIn(text);
  return longest([
    ...dates.map((date) => believed(date - nowMs)),
    ...rest.split(',').map((value) => secondsMs(value, nowMs)),
  ]);
};

/** Some servers write a duration, or a point in time, in place of seconds. Any other large number is a day. */
const secondsMs = (text: string, nowMs: number): number | undefined => {
  const seconds = plainNumber(text);
  if (Number.isNaN(seconds)) return believed(untilResetMs(text, nowMs));
  const untilMs = untilResetMs(text, nowMs);
  return believed(untilMs > 0 && untilMs <= LONGEST_WAIT_MS ? untilMs : seconds * 1000);
};

/** The fields of errors with a wait, and their unit in milliseconds. */
const FIELDS = {
  retry_after_ms: 1,
  retryAfterMs: 1,
  retry_after_seconds: 1000,
  retryAfterSeconds: 1000,
  retry_after: 1000,
  retryAfter: 1000,
} as const;

const hintInFields = (error: Readonly<Record<string, unknown>>): number | undefined =>
  longest(
    Object.entries(FIELDS).map(([name, unitMs]) => {
      const value = error[name];
      const count = typeof value === 'number' ? value : plainNumber(String(value));
      return count >= 0 ? believed(count * unitMs) : undefined;
    }),
  );

/** A wait in the words of OpenAI, Azure, Groq and others, such as "Please try again in 6m0s". */
const IN_WORDS =
  /\b(?:try again|retry|wait)(?: in| after| for)? (?:(\d{1,6}(?:\.\d{1,9})?) ?(milliseconds?|seconds?|minutes?|hours?)\b|((?:\d{1,6}(?:\.\d{1,9})?(?:ms|[hms]))+)(?![\w]))/i;

const UNITS_MS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
};

const hintInMessage = (message: unknown): number | undefined => {
  if (typeof message !== 'string') return undefined;
  const [, count, unit = '', duration] = IN_WORDS.exec(message.slice(0, 4096)) ?? [];
  if (duration !== undefined) return believed(durationMs(duration.toLowerCase()));
  return believed(Number(count) * (UNITS_MS[unit.toLowerCase().replace(/s$/, '')] ?? Number.NaN));
};

const WHAT = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/** The limits of which servers say what remains and when it is whole again, as the names of these two headers. */
const LIMITS = [
  ...['', ...WHAT, ...WHAT.flatMap((what) => [`${what}-minute`, `${what}-hour`, `${what}-day`])].map(
    (what) => {
      const end = what && `-${what}`;
      return [`x-ratelimit-remaining${end}`, `x-ratelimit-reset${end}`] as const;
    },
  ),
  // Anthropic.
  ...[...WHAT, 'unified'].map(
    (what) => [`anthropic-ratelimit-${what}-remaining`, `anthropic-ratelimit-${what}-reset`] as const,
  ),
  // The draft of the IETF; Mistral.
  ['ratelimit-remaining', 'ratelimit-reset'] as const,
  ['ratelimitbysize-remaining', 'ratelimitbysize-reset'] as const,
];

/**
 * Returns the time until the limits that are used up are whole again, or those of which it is unknown what is left: the
 * longest of several.
 */
const resetHintMs = (headers: ReplyHeaders, nowMs: number): number | undefined => {
  const limits = LIMITS.flatMap(([remainingName, resetName]) => {
    const reset = headers.get(resetName);
    const waitMs = reset === null ? undefined : believed(untilResetMs(reset, nowMs));
    return waitMs === undefined ? [] : [{ waitMs, left: plainNumber(headers.get(remainingName) ?? '') }];
  });
  const usedUp = limits.filter(({ left }) => left < 1);
  const chosen = usedUp.length > 0 ? usedUp : limits.filter(({ left }) => Number.isNaN(left));
  return longest(chosen.map(({ waitMs }) => waitMs));
};

/** Returns the wait of a `google.rpc.RetryInfo` in the details of an error body. */
export const retryInfoMs = (details: unknown): number | undefined => {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    const { retryDelay } = asObject(detail);
    if (typeof retryDelay === 'string') return believed(durationMs(retryDelay));
    // A protobuf duration as an object.
    if (isObject(retryDelay)) {
      const { seconds = 0, nanos = 0 } = asObject(retryDelay);
      return believed(Number(seconds) * 1000 + Number(nanos) / 1e6);
    }
  }
  return undefined;
};

/** Returns whether a provider advises to retry, by the header `x-should-retry`; `undefined` if it does not say. */
export const retryAdvice = (headers: ReplyHeaders | undefined): boolean | undefined => {
  const advice = headers?.get('x-should-retry');
  return advice === 'true' || advice === 'false' ? advice === 'true' : undefined;
};
