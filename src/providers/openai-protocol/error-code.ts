import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';
import { errorParts } from '../error-parts.ts';

/**
 * Returns the code in an error body, such as `model_not_found`: `error.code`, or else `error.type`. Some servers omit
 * the `error` object, and some wrap the body in an array.
 */
export const errorCode = (body: unknown): string | undefined => wordsOf(body)[0];

/** Returns the code and the type in an error body, as far as it has them. */
const wordsOf = (body: unknown): readonly string[] => {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const inner = asObject(outer).error;
  const { code, type } = asObject(isObject(inner) ? inner : outer);
  return [code, type]
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .map(String)
    .filter((word) => word !== '');
};

/** The words of errors whose quota, balance or plan is used up; `1113` is that of Zhipu. */
const EXHAUSTED =
  /insufficient_(user_)?(quota|balance|fund|credit)|exceeded_current_quota|billing|arrear|payment_required|(credit|balance|fund)s?_(exhausted|depleted|too_low|insufficient)|^1113$/;

/** Whether a code means that the quota is used up, so that a retry cannot help. */
export const isExhausted = (code: string | undefined): boolean =>
  code !== undefined && EXHAUSTED.test(normalized(code));

/** Whether an error body says, by any of its words, that the quota is used up, or that of a day (Google). */
export const isUsedUp = (body: unknown): boolean =>
  errorParts(body).objects.some(
    (part) =>
      [part.code, part.type, part.status, part.reason, ...codeAlone(part.error)].some(
        (word) => (typeof word === 'string' || typeof word === 'number') && isExhausted(String(word)),
      ) || /PerDay/.test(String(part.quotaId)),
  );

/** Some servers write the code in place of the error. */
const codeAlone = (error: unknown): readonly unknown[] =>
  typeof error === 'string' && /^\w{1,64}$/.test(error) ? [error] : [];

/** A word in lower case, in the spelling of the patterns here. */
const normalized = (word: string): string =>
  word
    .slice(0, 200)
    .replace(/([a-z])(?=[A-Z][a-z])/g, '$1_')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');

/** What the words of errors have in common, and the HTTP status of such errors. The first match applies. */
const STATUSES = [
  [/insufficient_?(balance|fund|credit)|payment|arrear/, 402],
  [/rate_?limit|too_?many_?requests|throttl|quota|billing|resource_?exhausted/, 429],
  [/overloaded|capacity/, 529],
  [/authenticat|unauthori[sz]ed|(invalid|incorrect|missing|expired|wrong)_?(x_)?api_?key/, 401],
  [/permission|forbidden|access_?denied/, 403],
  [/not_?found/, 404],
  [/timeout|timed_?out/, 408],
  [/too_?large/, 413],
  [/content_?(filter|policy)|inspection|context_?length|bad_?request|invalid|unsupported|unprocessable/, 400],
] as const;

/**
 * Returns the HTTP status that an error within a reply has elsewhere. Its code or its type says so, as a number or by a
 * word such as `rate_limit_exceeded`; some servers write a sentence instead of an object. `undefined` if nothing says so.
 */
export const statusIn = (body: unknown): number | undefined => {
  const { error } = asObject(Array.isArray(body) ? body[0] : body);
  const words = typeof error === 'string' ? [error] : wordsOf(body);
  return words.map(statusOfWord).find((status) => status !== undefined);
};

/** Returns the same, and 500 if nothing says so. */
export const statusOf = (body: unknown): number => statusIn(body) ?? 500;

const statusOfWord = (word: string): number | undefined => {
  const number = Number(word);
  if (number >= 400 && number < 600) return number;
  const spelled = word.toLowerCase().replace(/[^a-z]+/g, '_');
  return STATUSES.find(([pattern]) => pattern.test(spelled))?.[1] ?? (isExhausted(word) ? 429 : undefined);
};
