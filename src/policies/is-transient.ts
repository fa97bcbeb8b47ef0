import type { CallResult } from '../domain/call-result.ts';
import { CircuitOpenError, CrucibleError } from '../domain/errors.ts';
import { isA, readSafely } from '../domain/foreign.ts';

/**
 * Returns `true` for an error that may go away: its `isRetryable` is `true`, and it is not a `CircuitOpenError`, because
 * an open circuit saves the time that a retry would wait. The default of `shouldHandle` in {@link retry}.
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
