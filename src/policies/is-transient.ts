import type { CallResult } from '../domain/call-result.ts';
import { CircuitOpenError, CrucibleError } from '../domain/errors.ts';
import { isA, readSafely } from '../domain/foreign.ts';

/**
 * Returns `true` for a transient error: its `isRetryable` is `true`, and it is not a `CircuitOpenError`. (An open circuit
 * should fail at once, without waiting for retries.) The default of `shouldHandle` in {@link retry}.
 *
 * @example
 * ```ts
 * import { ModelError } from 'crucible-ensemble';
 * import { isTransient } from 'crucible-ensemble/policies';
 *
 * isTransient({ error: new ModelError('a', 'busy', { isRetryable: true }) }); // => true
 * isTransient({ error: new TypeError('bug') }); // => false
 * ```
 */
export const isTransient = (result: CallResult): boolean => {
  const error = readSafely(result, 'error');
  return isA(error, CrucibleError) && error.isRetryable && !isA(error, CircuitOpenError);
};
