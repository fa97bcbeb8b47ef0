import { defer, fromEvent, type MonoTypeOperatorFunction, map, of, type Subscriber, takeUntil } from 'rxjs';
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

/** The same for a subscriber, which is told at once where the signal has aborted already. */
export const errorWhenAborted = (subscriber: Subscriber<never>, signal: AbortSignal): void => {
  refuse(faultsOf('predict', { signal }, { signal: abortSignal }));
  const abort = (): void => subscriber.error(new CancelledError({ cause: signal.reason }));
  if (signal.aborted) {
    abort();
    return;
  }
  signal.addEventListener('abort', abort);
  subscriber.add(() => signal.removeEventListener('abort', abort));
};

const abortSignal: Check = (value) =>
  typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
    ? undefined
    : 'an AbortSignal';
