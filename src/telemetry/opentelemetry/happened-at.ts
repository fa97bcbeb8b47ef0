import { asyncScheduler } from 'rxjs';
import { currentClock } from '../../clock.ts';

/** When an event happened that is told of later, such as one of another process; absent where it is now. */
export const happenedAt = (atMs: number): Date | undefined => {
  const lagMs = currentClock()() - atMs;
  return lagMs < 1 ? undefined : new Date(asyncScheduler.now() - lagMs);
};
