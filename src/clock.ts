import { asyncScheduler } from 'rxjs';

/** A wall clock has passed this since 1973; the virtual clock of a marble run counts from 0. */
const EARLIEST_WALL_TIME_MS = 1e11;

/**
 * The one clock that durations are measured with, in milliseconds. Monotonic in production, where the
 * wall clock of RxJS's schedulers jumps; in a marble run, the virtual time that RxJS puts in its place.
 */
export const now = (): number => {
  const schedulerTimeMs = asyncScheduler.now();
  return schedulerTimeMs < EARLIEST_WALL_TIME_MS ? schedulerTimeMs : performance.now();
};
