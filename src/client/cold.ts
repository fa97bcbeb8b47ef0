import { Observable } from 'rxjs';

/** An Observable that is an async iterable as well. Each subscription and each loop opens a source of its own. */
export type Cold<T> = Observable<T> & AsyncIterable<T>;

/**
 * Creates a {@link Cold} of a generator. The signal that the generator receives aborts once a subscriber unsubscribes, once a loop
 * ends, and with the signal of the caller; then its reason is the error. Neither waits for a generator that ignores it.
 */
export const cold = <T>(open: (signal: AbortSignal) => AsyncGenerator<T>, given?: AbortSignal): Cold<T> => {
  const iterate = () => iterator(open, given);
  const observable = new Observable<T>((subscriber) => {
    const values = iterate();
    const push = async (): Promise<void> => {
      for await (const value of { [Symbol.asyncIterator]: () => values }) subscriber.next(value);
      subscriber.complete();
    };
    push().catch((error: unknown) => subscriber.error(error));
    return () => void values.return();
  });
  return Object.assign(observable, { [Symbol.asyncIterator]: iterate });
};

const iterator = <T>(open: (signal: AbortSignal) => AsyncGenerator<T>, given: AbortSignal | undefined) => {
  const controller = new AbortController();
  const { signal } = controller;
  const follow = (): void => controller.abort(given?.reason);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  const values = open(signal);
  let hasLeft = false;
  const end = (): typeof done => {
    given?.removeEventListener('abort', follow);
    return done;
  };
  if (given?.aborted === true) follow();
  else given?.addEventListener('abort', follow, { once: true });
  return {
    async next(): Promise<IteratorResult<T, undefined>> {
      if (hasLeft) return done;
      try {
        const result = await Promise.race([aborted, values.next()]);
        return result.done === true ? end() : result;
      } catch (error) {
        end();
        if (hasLeft) return done;
        throw signal.aborted ? signal.reason : error;
      }
    },
    async return(): Promise<IteratorReturnResult<undefined>> {
      hasLeft = true;
      controller.abort();
      // Not awaited: it waits for the step in progress.
      values.return(undefined).catch(() => undefined);
      return end();
    },
  };
};

const done = { done: true, value: undefined } as const;
