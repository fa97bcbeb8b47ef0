import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';

/**
 * Returns the code in an error body, such as `model_not_found`: `error.code`, or else `error.type`. Some servers omit
 * the `error` object, and some wrap the body in an array.
 */
export const errorCode = (body: unknown): string | undefined => {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const inner = asObject(outer).error;
  const { code, type } = asObject(isObject(inner) ? inner : outer);
  return [code, type]
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .map(String)
    .find((word) => word !== '');
};

const EXHAUSTED: ReadonlySet<string | undefined> = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
]);

/** Whether a code means that the quota is used up, so that a retry cannot help. */
export const isExhausted = (code: string | undefined): boolean => EXHAUSTED.has(code);
