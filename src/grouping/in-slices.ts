import { asyncScheduler, Observable } from 'rxjs';

/**
 * Runs a long computation in slices, between which other code may run. Emits what it returns. One that never yields runs at
 * once; unsubscribing ends it at its next yield.
 */
export const inSlices = <Result>(compute: () => Generator<unknown, Result>): Observable<Result> =>
  new Observable((subscriber) => {
    const running = compute();
    const proceed = (): void => {
      const { done, value } = running.next();
      if (done !== true) {
        subscriber.add(asyncScheduler.schedule(proceed));
        return;
      }
      subscriber.next(value);
      subscriber.complete();
    };
    proceed();
  });

/** Runs a long computation to its end. */
export const atOnce = <Result>(running: Generator<unknown, Result>): Result => {
  for (;;) {
    const { done, value } = running.next();
    if (done === true) return value;
  }
};
