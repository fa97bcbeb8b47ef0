import { durationMs } from './duration.ts';

/** The longest wait that is believed, in milliseconds: one day. A longer one is cut, never dropped. */
const LONGEST_WAIT_MS = 86_400_000;

/** Cuts a wait at a day. A moment that is just past needs no wait. `undefined` for one that is long past, and for `NaN`. */
export const believed = (waitMs: number): number | undefined =>
  waitMs >= -LONGEST_WAIT_MS ? Math.min(Math.max(0, waitMs), LONGEST_WAIT_MS) : undefined;

/** Returns the longest of several waits, as far as they are known. */
export const longest = (waits: readonly (number | undefined)[]): number | undefined =>
  waits.reduce(
    (most, wait) => (wait !== undefined && !(most !== undefined && most >= wait) ? wait : most),
    undefined,
  );

/** The number that a text is, without a sign; `NaN` for other texts. */
export const plainNumber = (text: string): number => {
  if (/^\s{0,9}\d{1,400}(?:\.\d{0,400})?\s{0,9}$/.test(text)) return Number(text);
  const power = /^\s{0,9}\d{1,20}(?:\.\d{1,20})?e\+?\d{1,3}\s{0,9}$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(power) ? power : Number.NaN;
};

/** The forms of an HTTP date (RFC 9110, 5.6.7) and variants of them. `Date.parse` alone would read many other texts. */
const HTTP_DATE =
  /(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? (?:\d{1,2}[ -][a-z]{3}[ -](?:\d{4}|\d\d) \d\d:\d\d:\d\d (?:GMT|UTC|Z|[+-]\d\d:?\d\d)|[a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4})/gi;

/** A moment as RFC 3339 writes it. Without a zone, it means UTC. */
const TIMESTAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(Z|[+-]\d\d:?\d\d)?$/i;

/** Returns the HTTP dates in a text as points in time, and the text without them. */
const httpDatesIn = (text: string): { readonly dates: readonly number[]; readonly rest: string } => ({
  // The oldest form has no zone, and means UTC.
  dates: (text.match(HTTP_DATE) ?? [])
    .map((date) => Date.parse(/ \d{4}$/.test(date) && !/[+-]\d{4}$/.test(date) ? `${date} GMT` : date))
    .filter((date) => !Number.isNaN(date)),
  rest: text.replaceAll(HTTP_DATE, ''),
});

/** Numbers above this are points in time: in seconds, milliseconds and microseconds. */
const EPOCH_S = 1e9;
const EPOCH_MS = 1e11;
const EPOCH_US = 1e14;

/**
 * Returns the milliseconds until a reset, in any of the forms that servers write: a duration, seconds, a point in time
 * since 1970, RFC 3339, or an HTTP date. Below 0 if it is past; `NaN` for other texts.
 *
 * @param nowMs the time of the reply.
 */
export const untilResetMs = (text: string, nowMs: number): number => {
  const number = plainNumber(text);
  if (number >= EPOCH_US) return number / 1000 - nowMs;
  if (number >= EPOCH_MS) return number - nowMs;
  if (number >= EPOCH_S) return number * 1000 - nowMs;
  if (!Number.isNaN(number)) return number * 1000;
  const trimmed = text.trim();
  const [timestamp, zone] = TIMESTAMP.exec(trimmed) ?? [];
  if (timestamp !== undefined) return Date.parse(timestamp.replace(' ', 'T') + (zone ? '' : 'Z')) - nowMs;
  const { dates, rest } = httpDatesIn(trimmed);
  return dates.length === 1 && rest === '' ? (dates[0] ?? Number.NaN) - nowMs : durationMs(trimmed);
};

/** The maximum number of characters of a header that are read. A value is never longer. */
const LONGEST_HEADER = 4096;

/** Returns a header, or `''`. */
export const headerOf = (headers: { get(name: string): string | null } | undefined, name: string): string =>
  (headers?.get(name) ?? '').slice(0, LONGEST_HEADER);

/**
 * Reads a wait in the form of `retry-after`: seconds, a duration, or a date. A `fetch` joins several values by commas; the
 * longest applies. Large numbers are points in time if they are near, and a day otherwise.
 */
export const retryAfterMs = (text: string, nowMs: number): number | undefined => {
  const { dates, rest } = httpDatesIn(text.replaceAll('"', ''));
  const values = GROUPED.test(rest) ? [rest.replaceAll(',', '')] : [rest, ...rest.split(',')];
  return longest([
    ...dates.map((date) => believed(date - nowMs)),
    ...values.map((value) => secondsMs(value.replace(/;.*/s, '').replace(/^\s{0,9}\+/, ''), nowMs)),
  ]);
};

/** A number in groups of three digits, such as `1,234`. */
const GROUPED = /^\s{0,9}\d{1,3}(?:,\d{3}){1,4}\s{0,9}$/;

const secondsMs = (text: string, nowMs: number): number | undefined => {
  const seconds = plainNumber(text);
  const untilMs = untilResetMs(text, nowMs);
  const isNear = Math.abs(untilMs) <= LONGEST_WAIT_MS;
  return believed(Number.isNaN(seconds) || isNear ? untilMs : seconds * 1000);
};

/** Returns the time of a reply by its `date` header, because the local clock may be wrong; `NaN` without one. */
export const dateOf = (headers: { get(name: string): string | null } | undefined): number =>
  httpDatesIn(headerOf(headers, 'date')).dates[0] ?? Number.NaN;
