import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/** What an Observable came to: its last value, its error, or neither. */
export interface Passed<Value> {
  readonly value?: Value;
  readonly error?: unknown;
}

/**
 * Runs an Observable to its end in virtual time, at once: what waits on RxJS's schedulers waits for nothing, and
 * durations are those that it would have taken. What waits for anything else, such as a promise, never comes.
 *
 * Time is a global of RxJS, which `TestScheduler.run` replaces and puts back. All of it happens within this call, in
 * which no other code runs, so that nobody else sees it. It cannot be used within another virtual run.
 */
export const inVirtualTime = <Value>(source$: Observable<Value>): Passed<Value> => {
  let passed: Passed<Value> = {};
  // Nothing is compared: the scheduler is here for its clock.
  new TestScheduler(() => {}).run(({ flush }) => {
    const subscription = source$.subscribe({
      next: (value) => {
        passed = { value };
      },
      error: (error: unknown) => {
        passed = { error };
      },
    });
    flush();
    subscription.unsubscribe();
  });
  return passed;
};
