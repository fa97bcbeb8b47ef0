import { asyncScheduler } from 'rxjs';

/** Returns the time in milliseconds since an arbitrary moment. For durations, not for dates. */
export type Clock = () => number;

/** A wall clock is later than this; the virtual clock of a marble run starts at 0. */
const EARLIEST_WALL_TIME_MS = 1e11;

const virtual: Clock = () => asyncScheduler.now();
const monotonic: Clock = () => performance.now();

/**
 * Returns the clock that measures durations: monotonic in production, because the wall clock of RxJS's schedulers may
 * jump; virtual in a marble run. A prediction calls this once and keeps the clock, because a call for every duration
 * took a seventh of its time.
 */
export const currentClock = (): Clock => (asyncScheduler.now() < EARLIEST_WALL_TIME_MS ? virtual : monotonic);
