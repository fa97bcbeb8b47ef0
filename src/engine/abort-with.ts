import { defer, fromEvent, type MonoTypeOperatorFunction, map, of, takeUntil } from 'rxjs';
import { CancelledError } from '../domain/no-prediction.ts';
import { type Check, faultsOf, refuse } from '../options.ts';

/**
 * Errors with `CancelledError` once a signal aborts, and lets go of the signal at the end. For a signal
 * that has aborted already, the source is never subscribed.
 */
export const abortWith = <T>(signal: AbortSignal): MonoTypeOperatorFunction<T> => {
  refuse(faultsOf('predict', { signal }, { signal: abortSignal }));
  return takeUntil(
    defer(() => (signal.aborted ? of(signal) : fromEvent(signal, 'abort'))).pipe(
      map(() => {
        throw new CancelledError({ cause: signal.reason });
      }),
    ),
  );
};

const abortSignal: Check = (value) =>
  typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
    ? undefined
    : 'an AbortSignal';
