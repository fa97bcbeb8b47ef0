import { isObject } from '../domain/is-object.ts';
import { asObject } from './as-object.ts';
import { type ErrorPart, errorParts } from './error-parts.ts';
import type { Refusal } from './http-error.ts';
import { isUsedUp } from './openai-protocol/error-code.ts';
import type { ReplyHeaders } from './rate-limits.ts';
import { resetHintMs } from './reset-headers.ts';
import { waitInWords } from './wait-in-words.ts';
import { believed, dateOf, headerOf, longest, plainNumber, retryAfterMs } from './wait-time.ts';

/** A refusal that may say how long to wait. */
export interface HintedReply {
  readonly headers?: ReplyHeaders | undefined;
  /** The status, or that of the same error alone if it is within a reply. */
  readonly status?: number | undefined;
  /** The body, or the part of it about the error; parsed, or as text. */
  readonly body?: unknown;
  /** The current time, for points in time in replies without a `date` header. */
  readonly nowMs: number;
}

/** Returns whether and when a refusal says that the request can be sent again. Used-up quota has no such time. */
export const retryHints = (reply: HintedReply): Pick<Refusal, 'retryAfterMs' | 'shouldRetry'> =>
  isUsedUp(reply.body)
    ? { shouldRetry: false }
    : { retryAfterMs: retryHintMs(reply), shouldRetry: retryAdvice(reply.headers) };

/**
 * Returns how long a provider asks to wait, in milliseconds; `undefined` if it does not say. A wait above a day is a day.
 *
 * An explicit hint comes first: `retry-after-ms`, `x-ms-retry-after-ms` and `retry-after` (seconds or a date), and the
 * same in a body, or how long to wait in its message. Of several, the longest applies. Otherwise, a 429 says when the limit
 * that is used up is reset.
 */
export const retryHintMs = ({ headers, status, body, nowMs }: HintedReply): number | undefined => {
  const dateMs = dateOf(headers);
  const atMs = Number.isNaN(dateMs) ? nowMs : dateMs;
  const { objects, texts } = errorParts(body);
  const sources = [headers, ...objects.map(headersIn)].filter((source) => source !== undefined);
  const exact = longest([
    ...sources.map((source) => explicitHintMs(source, atMs)),
    ...objects.map((part) => hintInFields(part, atMs)),
  ]);
  // The words of other failures are about other things.
  const isRefusedForNow = status === 429 || status === 503 || status === 529;
  const inWords = isRefusedForNow ? longest(texts.map((text) => waitInWords(text, atMs))) : undefined;
  const explicit = preciser(exact, inWords);
  if (explicit !== undefined && explicit > 0) return explicit;
  // Every reply has these headers, and other failures have nothing to do with them.
  const resets = status === 429 ? sources.map((source) => resetHintMs(source, atMs)) : [];
  return longest([explicit, ...resets]);
};

/** Returns the longer of two waits. Of waits that say the same, the second is rounded, and the first is more precise. */
const preciser = (precise: number | undefined, rounded: number | undefined): number | undefined =>
  precise !== undefined && precise > 0 && (rounded ?? 0) - precise <= 1000
    ? precise
    : longest([precise, rounded]);

/** Returns the headers of an error as an object, such as those of the provider behind OpenRouter in `error.metadata.headers`. */
export const headersIn = ({ headers }: ErrorPart): ReplyHeaders | undefined => {
  if (!isObject(headers)) return undefined;
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    get(name) {
      const value: unknown = values.get(name);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
    },
  };
};

/** The wait in headers that are made for it. */
const explicitHintMs = (headers: ReplyHeaders, nowMs: number): number | undefined =>
  preciser(
    longest(
      ['retry-after-ms', 'x-ms-retry-after-ms'].flatMap((name) =>
        headerOf(headers, name)
          .split(',')
          .map((text) => believed(plainNumber(text))),
      ),
    ),
    longest(
      ['retry-after', 'x-ms-retry-after', 'x-retry-after'].map((name) =>
        retryAfterMs(headerOf(headers, name), nowMs),
      ),
    ),
  );

/** The fields of errors with a wait, in lower case and without dashes, and the unit of their numbers in milliseconds. */
const FIELDS: ReadonlyMap<string, number> = new Map(
  (
    [
      [1, 'retryafterms retrydelayms retryinms resetinms resetsinms waitms'],
      [
        1000,
        'retryafter retryafterseconds retryaftersecs retrydelay retrydelayseconds retryin retryinseconds',
      ],
      [1000, 'resetin resetinseconds resetsin resetsinseconds resetafter resetafterseconds quotaresetdelay'],
      [1000, 'waitseconds resetat resetsat'],
    ] as const
  ).flatMap(([unitMs, names]) => names.split(' ').map((name) => [name, unitMs] as const)),
);

const hintInFields = (part: ErrorPart, nowMs: number): number | undefined =>
  longest(
    Object.entries(part).map(([name, value]) => {
      const unitMs = FIELDS.get(name.slice(0, 32).toLowerCase().replace(/[_-]/g, ''));
      return unitMs === undefined ? undefined : waitOf(value, { unitMs, nowMs });
    }),
  );

const waitOf = (
  value: unknown,
  { unitMs, nowMs }: { readonly unitMs: number; readonly nowMs: number },
): number | undefined => {
  // A protobuf duration as an object.
  if (isObject(value)) {
    const { seconds, nanos = 0 } = asObject(value);
    const ms = Number(seconds ?? Number.NaN) * 1000 + Number(nanos) / 1e6;
    return ms >= 0 ? believed(ms) : undefined;
  }
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value).slice(0, 100);
  const count = plainNumber(text);
  return unitMs === 1 && count >= 0 ? believed(count) : retryAfterMs(text, nowMs);
};

/** Returns whether a provider advises to retry, by the header `x-should-retry`; `undefined` if it does not say. */
const retryAdvice = (headers: ReplyHeaders | undefined): boolean | undefined => {
  const advice = headers?.get('x-should-retry');
  return advice === 'true' || advice === 'false' ? advice === 'true' : undefined;
};
