import { asyncScheduler, defer, Observable, ReplaySubject, Subscriber, type Subscription } from 'rxjs';
import type { AbortCause } from '../domain/abort-reason.ts';
import { CrucibleError } from '../domain/errors.ts';
import { faultOf, isA } from '../domain/foreign.ts';
import type { RoleCall } from '../domain/role-call.ts';
import { namesOf } from '../domain/teardown.ts';
import { roleCallOf } from './role-call.ts';
import type { Run } from './run.ts';

/**
 * A step of foreign code that may make calls. It fails if its time is up: at the deadline of the prediction, and if it has no
 * call in flight and no result for as long as a call may take.
 */
export const step = <Result>(
  run: Run<unknown>,
  work: (call: RoleCall) => Observable<Result>,
): Observable<Result> =>
  new Observable((subscriber) => {
    // Replays, because foreign code may subscribe a call after the end.
    const ended$ = new ReplaySubject<void>(1);
    let timer: Subscription | undefined;
    const end = (): void => {
      timer?.unsubscribe();
      try {
        working.unsubscribe();
      } catch (error) {
        run.warnings.push(`cancelling a step after the votes threw ${namesOf(error)}: check its teardown`);
      }
      ended$.next();
    };
    // Cancels what is in flight first, so that nothing is when the result arrives.
    const settle = (deliver: () => void): void => {
      if (subscriber.closed) return;
      end();
      deliver();
    };
    const working = new Subscriber<Result>({
      next: (result) =>
        settle(() => {
          subscriber.next(result);
          subscriber.complete();
        }),
      error: (error: unknown) => settle(() => subscriber.error(error)),
      complete: () => settle(() => subscriber.complete()),
    });
    subscriber.add(end);
    const giveUp = (cause: AbortCause, message: string): void => {
      run.closedBy = cause;
      working.error(new OutOfTime(message));
    };
    const leftMs = run.endsAtMs - run.clock();
    if (leftMs <= 0 || run.closedBy === 'deadline') {
      giveUp('deadline', 'had no time, because the deadline of the prediction had passed');
      return;
    }
    // What ended the step before has not ended this one.
    run.closedBy = undefined;
    if (leftMs !== Number.POSITIVE_INFINITY) {
      const late = (): void => giveUp('deadline', 'had no result by the deadline of the prediction');
      subscriber.add(asyncScheduler.schedule(late, leftMs));
    }
    const idleMs = run.timeout.timeoutMs;
    const watch = (inFlight: number): void => {
      timer?.unsubscribe();
      if (inFlight > 0 || idleMs === Number.POSITIVE_INFINITY || working.closed) return;
      const idle = (): void => giveUp('timeout', `had no result within ${idleMs} ms`);
      timer = asyncScheduler.schedule(idle, idleMs);
    };
    watch(0);
    defer(() => work(roleCallOf(run, watch, ended$))).subscribe(working);
  });

/** The end of a step of which the time is up. Its message continues from the name of the step. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** Says what a step did wrong, to continue from its name. */
export const faultOfStep = (error: unknown): string => {
  if (isA(error, OutOfTime)) return error.message;
  // The errors of this library quote neither keys nor answers.
  return isA(error, CrucibleError) ? `failed: ${error.message}` : faultOf(error);
};
