import { fieldOf } from './field.ts';

/**
 * The short word in the body of a refusal, such as `model_not_found`: `error.code`, else `error.type`. Some
 * servers leave out the `error` around them, and some wrap everything into an array.
 */
export const errorCode = (body: unknown): string | undefined => {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const inner = fieldOf(outer, 'error');
  const error = typeof inner === 'object' && inner !== null ? inner : outer;
  return [fieldOf(error, 'code'), fieldOf(error, 'type')]
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .map(String)
    .find((word) => word !== '');
};

const EXHAUSTED: ReadonlySet<string | undefined> = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
]);

/** Whether a code says that nothing is left to spend, which no waiting changes. */
export const isExhausted = (code: string | undefined): boolean => EXHAUSTED.has(code);
