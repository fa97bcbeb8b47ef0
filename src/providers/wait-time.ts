/** The longest wait that is believed, in milliseconds: one day. A longer one is cut, never dropped. */
export const LONGEST_WAIT_MS = 86_400_000;

/** Cuts a wait at a day; `undefined` for `NaN`. A moment that is past needs no wait. */
export const believed = (waitMs: number): number | undefined =>
  Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), LONGEST_WAIT_MS);

/** The number that a text is, without a sign; `NaN` for other texts. */
export const plainNumber = (text: string): number => {
  if (/^\s*\d{1,400}(?:\.\d{0,400})?\s*$/.test(text)) return Number(text);
  const power = /^\s*\d{1,20}(?:\.\d{1,20})?e\+?\d{1,3}\s*$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(power) ? power : Number.NaN;
};

/** Matches a duration as Go writes it, such as `1h2m3.5s` or `12ms`. */
const DURATION =
  /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)s)?(?:(\d{1,12}(?:\.\d{1,9})?)ms)?(?:(\d{1,12}(?:\.\d{1,9})?)(?:us|µs|μs|ns))?$/;

/** Returns the milliseconds of a duration such as `6m0s`; `NaN` for other texts. */
export const durationMs = (text: string): number => {
  const [, ...parts] = (text !== '' && DURATION.exec(text)) || [];
  if (parts.every((part) => part === undefined)) return Number.NaN;
  const [days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000 + milliseconds;
};

/** The three forms of an HTTP date (RFC 9110, 5.6.7). `Date.parse` alone would read many other texts as dates. */
const HTTP_DATE =
  /(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? (?:\d\d[ -][A-Z][a-z]{2}[ -](?:\d{4}|\d\d) \d\d:\d\d:\d\d GMT|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})/g;

/** A moment as RFC 3339 writes it. */
const TIMESTAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** Returns the HTTP dates in a text as points in time, and the text without them. */
export const httpDatesIn = (text: string): { readonly dates: readonly number[]; readonly rest: string } => ({
  // The oldest form has no zone, and means UTC.
  dates: (text.match(HTTP_DATE) ?? []).map((date) => Date.parse(/ GMT$/.test(date) ? date : `${date} GMT`)),
  rest: text.replaceAll(HTTP_DATE, ''),
});

/** Numbers above this are points in time: in seconds, and in milliseconds. */
const EPOCH_S = 1e9;
const EPOCH_MS = 1e11;

/**
 * Returns the milliseconds until a reset, in any of the forms that servers write: a duration, seconds, a point in time
 * in seconds or milliseconds, RFC 3339, or an HTTP date. Below 0 if it is past; `NaN` for other texts.
 *
 * @param nowMs the time of the reply.
 */
export const untilResetMs = (text: string, nowMs: number): number => {
  const number = plainNumber(text);
  if (number >= EPOCH_MS) return number - nowMs;
  if (number >= EPOCH_S) return number * 1000 - nowMs;
  if (!Number.isNaN(number)) return number * 1000;
  const trimmed = text.trim();
  if (TIMESTAMP.test(trimmed)) return Date.parse(trimmed.replace(' ', 'T')) - nowMs;
  const { dates, rest } = httpDatesIn(trimmed);
  return dates.length === 1 && rest === '' ? (dates[0] ?? Number.NaN) - nowMs : durationMs(trimmed);
};

/** Returns the time of a reply by its `date` header, because the local clock may be wrong; `NaN` without one. */
export const dateOf = (headers: { get(name: string): string | null } | undefined): number =>
  httpDatesIn(headers?.get('date') ?? '').dates[0] ?? Number.NaN;
