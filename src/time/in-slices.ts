import { asyncScheduler, Observable } from 'rxjs';
import { currentClock } from './clock.ts';

/** How long a computation runs before other code may, in milliseconds. */
const SLICE_MS = 8;

/**
 * Runs a long computation in slices, between which other code may run. Emits what it returns. It pauses at the first yield
 * after some milliseconds, however fast the machine is, so it should yield more often than that. One that never
 * yields runs at once; unsubscribing ends it at its next pause.
 *
 * @param onPause receives what the computation yielded last, at each pause.
 */
export const inSlices = <Step, Result>(
  compute: () => Generator<Step, Result>,
  onPause: (step: Step) => void = () => {},
): Observable<Result> =>
  new Observable((subscriber) => {
    const running = compute();
    const isDue = sliceTimer();
    const slice = (): void => {
      let step = running.next();
      while (step.done !== true) {
        if (isDue()) {
          onPause(step.value);
          subscriber.add(asyncScheduler.schedule(proceed));
          return;
        }
        step = running.next();
      }
      subscriber.next(step.value);
      subscriber.complete();
    };
    const proceed = (): void => {
      try {
        slice();
      } catch (error) {
        subscriber.error(error);
      }
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

/**
 * Returns a function for a long asynchronous loop, to be called in each round. It returns a promise to wait for if it has been
 * some milliseconds since the last one, and other code may run until then.
 *
 * @param nextTurn resolves once other code has run. Default: by a timer.
 */
export const pauses = (nextTurn: () => Promise<unknown> = byTimer): (() => Promise<unknown> | undefined) => {
  const isDue = sliceTimer();
  return () => (isDue() ? nextTurn() : undefined);
};

const byTimer = (): Promise<void> => new Promise((resolve) => void asyncScheduler.schedule(() => resolve()));

/** Begins a slice. Returns a function that tells whether it is over, which then begins the next one. */
export const sliceTimer = (): (() => boolean) => {
  const clock = currentClock();
  let startedAtMs = clock();
  return () => {
    const nowMs = clock();
    if (nowMs - startedAtMs < SLICE_MS) return false;
    startedAtMs = nowMs;
    return true;
  };
};
