import { asyncScheduler } from 'rxjs';

/** Tells the time in milliseconds from some moment on: good for durations, not for dates. */
export type Clock = () => number;

/** A wall clock has passed this since 1973; the virtual clock of a marble run counts from 0. */
const EARLIEST_WALL_TIME_MS = 1e11;

const virtual: Clock = () => asyncScheduler.now();
const monotonic: Clock = () => performance.now();

/**
 * The one clock that durations are measured with: monotonic in production, where the wall clock of RxJS's
 * schedulers jumps; in a marble run, the virtual time that RxJS puts in its place. A prediction asks once
 * and keeps its clock, since looking at both for every duration was a seventh of its cost.
 */
export const currentClock = (): Clock => (asyncScheduler.now() < EARLIEST_WALL_TIME_MS ? virtual : monotonic);
