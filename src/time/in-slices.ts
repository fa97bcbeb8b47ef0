import { asyncScheduler } from 'rxjs';
import { currentClock } from './clock.ts';

/** How long a computation runs before other code may, in milliseconds. */
const SLICE_MS = 8;

/**
 * Returns a function for a long asynchronous loop, to be called in each round. It returns a promise to wait for if it has been
 * some milliseconds since the last one, and other code may run until then.
 */
export const pauses = (): (() => Promise<void> | undefined) => {
  const isDue = sliceTimer();
  return () =>
    isDue() ? new Promise((resolve) => void asyncScheduler.schedule(() => resolve())) : undefined;
};

/** Returns a function that tells whether a slice is over, which then begins the next one. */
const sliceTimer = (): (() => boolean) => {
  const clock = currentClock();
  let startedAtMs = clock();
  return () => {
    const nowMs = clock();
    if (nowMs - startedAtMs < SLICE_MS) return false;
    startedAtMs = nowMs;
    return true;
  };
};
