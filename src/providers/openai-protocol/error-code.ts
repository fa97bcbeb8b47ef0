import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';

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

const EXHAUSTED: ReadonlySet<string | undefined> = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
]);

/** Whether a code means that the quota is used up, so that a retry cannot help. */
export const isExhausted = (code: string | undefined): boolean => EXHAUSTED.has(code);

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
  const normalized = word.toLowerCase().replace(/[^a-z]+/g, '_');
  return STATUSES.find(([pattern]) => pattern.test(normalized))?.[1];
};
