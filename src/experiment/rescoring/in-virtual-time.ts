import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Received } from './received.ts';

/**
 * Runs an Observable to its end in virtual time, synchronously. Waits on RxJS schedulers take no time, and durations
 * are those that they would have taken. Anything that waits otherwise, such as a promise, never settles.
 *
 * The clock of RxJS is global: `TestScheduler.run` replaces and restores it. That happens within this synchronous call,
 * so no other code sees it. It cannot be used within another virtual run.
 */
export const inVirtualTime = <Value>(source$: Observable<Value>, received: Received<Value>): void => {
  // The scheduler is used for its clock; it compares nothing.
  new TestScheduler(() => {}).run(({ flush }) => {
    source$.subscribe(received);
    flush();
    received.unsubscribe();
  });
};
