import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/** The result of an Observable: its last value, its error, or neither. */
export interface VirtualRun<Value> {
  readonly value?: Value;
  readonly error?: unknown;
}

/**
 * Runs an Observable to its end in virtual time, synchronously. Waits on RxJS schedulers take no time, and durations
 * are those that they would have taken. Anything that waits otherwise, such as a promise, never settles.
 *
 * The clock of RxJS is global: `TestScheduler.run` replaces and restores it. That happens within this synchronous call,
 * so no other code sees it. It cannot be used within another virtual run.
 */
export const inVirtualTime = <Value>(source$: Observable<Value>): VirtualRun<Value> => {
  let result: VirtualRun<Value> = {};
  // The scheduler is used for its clock; it compares nothing.
  new TestScheduler(() => {}).run(({ flush }) => {
    const subscription = source$.subscribe({
      next: (value) => {
        result = { value };
      },
      error: (error: unknown) => {
        result = { error };
      },
    });
    flush();
    subscription.unsubscribe();
  });
  return result;
};
