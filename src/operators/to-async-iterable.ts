import { type Observable, Subscriber } from 'rxjs';
import { BufferOverflowError } from '../domain/errors.ts';
import { bound, checked, faultsOf, hasMethods, required, suchThat } from '../options.ts';
import { createMailbox, type Waiting } from './mailbox.ts';

/** Options of {@link toAsyncIterable}. */
export interface AsyncIterableOptions {
  /** How many values may wait for a slow consumer, from 1, or `Infinity`. Default 1024. */
  readonly bufferSize?: number;
}

/**
 * Converts an Observable to an async iterable. Each `for await` loop subscribes at its first step and unsubscribes when it
 * ends, also by `break`, which cancels the source.
 *
 * A source has no backpressure, so values wait in a buffer. If the buffer overflows, the loop throws after the values in
 * it; no value is lost silently.
 *
 * ```text
 * source     --a--b--c--d--|
 * consumer   ^-a-----b--!        break: the source is unsubscribed
 * ```
 *
 * @throws {ConfigError} for an invalid `bufferSize`. The loop throws {@link BufferOverflowError} if the buffer overflows,
 * and the error of the source.
 *
 * @example
 * ```ts
 * import { toAsyncIterable } from 'crucible-ensemble/operators';
 * import { of } from 'rxjs';
 *
 * const seen: number[] = [];
 * for await (const value of toAsyncIterable(of(1, 2, 3))) {
 *   seen.push(value);
 *   if (value === 2) break;
 * }
 * seen; // => [1, 2]
 * ```
 */
export const toAsyncIterable = <T>(
  source: Observable<T>,
  options: AsyncIterableOptions = {},
): AsyncIterable<T> => {
  const { bufferSize } = checked(
    'toAsyncIterable',
    options,
    { bufferSize: [bound(1), 1024] },
    faultsOf('toAsyncIterable', { source }, { source: required(anObservable) }),
  );
  return { [Symbol.asyncIterator]: () => iterate(source, { most: bufferSize, unit: 'values' }) };
};

const anObservable = suchThat('an Observable', (value) => hasMethods(value, 'subscribe'));

/** A buffer between a source and its reader. */
export interface Buffer<T> {
  /** The largest size of what may wait. */
  readonly most: number;
  /** What the size counts, for the message. */
  readonly unit: string;
  /** How values that wait are measured and joined. Default: each has the size 1. */
  readonly waiting?: Waiting<T>;
}

/** Subscribes to a source at the first step, and unsubscribes when the reader leaves. */
export const iterate = <T>(
  source: Observable<T>,
  { most, unit, waiting }: Buffer<T>,
): AsyncIterator<T, undefined> => {
  const mailbox = createMailbox<T>(waiting);
  const subscriber = new Subscriber<T>({
    next: (value) => {
      mailbox.post(value);
      if (mailbox.size() <= most) return;
      mailbox.close({ error: new BufferOverflowError(`more than ${most} ${unit} wait to be read`) });
      subscriber.unsubscribe();
    },
    error: (error: unknown) => mailbox.close({ error }),
    complete: () => mailbox.close(),
  });
  let isSubscribed = false;
  return {
    next() {
      const result = mailbox.take();
      if (!isSubscribed) {
        isSubscribed = true;
        source.subscribe(subscriber);
      }
      return result;
    },
    async return() {
      isSubscribed = true;
      mailbox.discard();
      subscriber.unsubscribe();
      return { done: true, value: undefined };
    },
  };
};
