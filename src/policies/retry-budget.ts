import { tokenBucket } from '../domain/token-bucket.ts';
import { between, faultsOf, refuse } from '../options.ts';
import { currentClock } from '../time/clock.ts';

/** How many retries there may be. */
export interface RetryBudgetOptions {
  /** Retries that each call earns. Default 0.2, range 0..1. */
  readonly ratio?: number;
  /** Retries that each second earns at least, where the calls do not earn them. Default 1, range 0..1000. */
  readonly floorPerSecond?: number;
  /** Retries that can be saved up, and that there are at the beginning, so that a long calm does not pay for a storm. Default 10, range 1..1e6. */
  readonly maxSaved?: number;
}

/** What policies share so that all their retries together stay a small part of their calls. */
export interface RetryBudget {
  /** Enters a call, which earns part of a retry. */
  earn(): void;
  /** Takes one retry, and says whether there was one to take. */
  spend(): boolean;
  /**
   * Enters a call on top of those that were needed, such as a hedge, which others decided on: it costs a retry. Where
   * there is none it is owed, up to ten times `maxSaved`, so that a storm of hedges does not end retries for good.
   */
  charge(): void;
}

/** How many times what can be saved up may be owed: all that the budgets of hedges allow at once has a place in it. */
const MOST_OWED = 10;

/**
 * A token bucket of retries, for one or many {@link retry} policies: at most `ratio` of the calls, or
 * `floorPerSecond` where that is more; the two do not add up. Starts with `maxSaved`, as an advance on what the calls
 * will earn, so that the first failures of a process are retried as well. Its state lives as long as it does.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { retryBudget } from 'crucible-ensemble/policies';
 *
 * const budget = retryBudget({ ratio: 0.2, floorPerSecond: 1, maxSaved: 1 });
 * budget.spend(); // => true
 * budget.spend(); // => false
 * ```
 */
export const retryBudget = (options: RetryBudgetOptions = {}): RetryBudget => {
  refuse(
    faultsOf('retryBudget', options, {
      ratio: between(0, 1),
      floorPerSecond: between(0, 1000),
      maxSaved: between(1, 1e6),
    }),
  );
  const { ratio = 0.2, floorPerSecond = 1, maxSaved = 10 } = options;
  const bucket = tokenBucket({ capacity: maxSaved, mostOwed: MOST_OWED * maxSaved });
  let advance = maxSaved;
  // By how much the calls have earned more than time has: what one of them has earned, the other does not earn again.
  let lead = 0;
  let lastMs = currentClock()();
  const save = (earned: number): void => {
    const repaid = Math.min(advance, Math.max(0, earned));
    advance -= repaid;
    bucket.earn(Math.max(0, earned) - repaid);
  };
  const passTime = (): void => {
    const nowMs = currentClock()();
    const floor = (Math.max(0, nowMs - lastMs) / 1000) * floorPerSecond;
    lastMs = nowMs;
    save(floor - Math.max(0, lead));
    lead = Math.max(-maxSaved, lead - floor);
  };
  return {
    earn() {
      passTime();
      save(ratio - Math.max(0, -lead));
      lead = Math.min(maxSaved, lead + ratio);
    },
    spend() {
      passTime();
      return bucket.spend();
    },
    charge() {
      passTime();
      bucket.charge();
    },
  };
};
