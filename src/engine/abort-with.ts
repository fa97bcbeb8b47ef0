import { defer, fromEvent, type MonoTypeOperatorFunction, map, of, type Subscriber, takeUntil } from 'rxjs';
import { isObject } from '../domain/is-object.ts';
import { CancelledError } from '../domain/no-prediction.ts';
import { faultsOf, hasMethods, refuse, suchThat } from '../options.ts';

/**
 * Errors with `CancelledError` when a signal aborts, and removes its listener at the end. If the signal has already
 * aborted, the source is never subscribed.
 */
export const abortWith = <T>(signal: AbortSignal): MonoTypeOperatorFunction<T> => {
  checkSignal(signal);
  return takeUntil(
    defer(() => (signal.aborted ? of(signal) : fromEvent(signal, 'abort'))).pipe(
      map(() => {
        throw new CancelledError({ cause: signal.reason });
      }),
    ),
  );
};

/** The same for a subscriber, which errors at once if the signal has already aborted. */
export const errorWhenAborted = (subscriber: Subscriber<never>, signal: AbortSignal): void => {
  checkSignal(signal);
  const abort = (): void => subscriber.error(new CancelledError({ cause: signal.reason }));
  if (signal.aborted) {
    abort();
    return;
  }
  signal.addEventListener('abort', abort);
  subscriber.add(() => signal.removeEventListener('abort', abort));
};

/** Accepts an `AbortSignal`, also of another realm or a polyfill. */
export const abortSignal = suchThat(
  'an AbortSignal',
  (value) =>
    isObject(value) && 'aborted' in value && hasMethods(value, 'addEventListener', 'removeEventListener'),
);

const checkSignal = (signal: unknown): void =>
  refuse(faultsOf('predict', { signal }, { signal: abortSignal }));
