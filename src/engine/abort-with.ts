import { type MonoTypeOperatorFunction, Observable, type Subscriber, takeUntil } from 'rxjs';
import { ConfigError } from '../domain/errors.ts';
import { nameOf, readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { CancelledError } from '../domain/no-prediction.ts';
import { faultsOf, hasMethods, refuse, suchThat } from '../options.ts';

/**
 * Errors with `CancelledError` when a signal aborts, and removes its listener at the end. If the signal has already
 * aborted, the source is never subscribed.
 */
export const abortWith = <T>(signal: AbortSignal): MonoTypeOperatorFunction<T> => {
  checkSignal(signal);
  return takeUntil(new Observable<never>((subscriber) => errorWhenAborted(subscriber, signal)));
};

/** The same for a subscriber, which errors at once if the signal has already aborted. */
export const errorWhenAborted = (subscriber: Subscriber<never>, signal: AbortSignal): void => {
  checkSignal(signal);
  subscriber.add(whenAborted(signal, (error) => subscriber.error(error)));
};

/**
 * Calls `abort` when a signal aborts; at once if it already has. Returns a function that removes the listener.
 *
 * @throws {ConfigError} if the signal throws, as a polyfill may.
 */
export const whenAborted = (signal: AbortSignal, abort: (error: CancelledError) => void): (() => void) => {
  const listen = (): void => abort(new CancelledError({ cause: readSafely(signal, 'reason') }));
  const isAborted = usable(() => {
    if (signal.aborted) return true;
    signal.addEventListener('abort', listen);
    return false;
  });
  if (!isAborted) return () => signal.removeEventListener('abort', listen);
  listen();
  return () => undefined;
};

const usable = <Result>(use: () => Result): Result => {
  try {
    return use();
  } catch (error) {
    throw new ConfigError([
      `predict: option "signal" must be an AbortSignal, but using it threw ${nameOf(error)}; pass the signal of an AbortController`,
    ]);
  }
};

/** Accepts an `AbortSignal`, also of another realm or a polyfill. */
export const abortSignal = suchThat(
  'an AbortSignal',
  (value) =>
    isObject(value) && 'aborted' in value && hasMethods(value, 'addEventListener', 'removeEventListener'),
  (value) =>
    hasMethods(value, 'abort') ? 'pass the signal of the AbortController: controller.signal' : undefined,
);

const checkSignal = (signal: unknown): void => {
  // The message takes ten times as long as the check.
  if (usable(() => abortSignal(signal)) !== undefined)
    refuse(faultsOf('predict', { signal }, { signal: abortSignal }));
};
