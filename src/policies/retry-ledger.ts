import { tokenBucket } from '../domain/token-bucket.ts';
import { currentClock } from '../time/clock.ts';

/** The account behind a retry budget. */
export interface RetryLedger {
  /** Enters a call, which earns a part of a retry. */
  earn(): void;
  /** Takes one retry; returns `false` if the budget is empty. */
  spend(): boolean;
  /**
   * Enters a call that another policy has added, such as a hedge: it costs one retry. An empty budget owes
   * it, up to ten times `maxSaved`, so that a storm of hedges does not end retries for good.
   */
  charge(): void;
  /** How many retries there are. */
  left(): number;
}

/** Options of {@link createRetryLedger}; see `RetryBudgetOptions`. */
export interface RetryLedgerOptions {
  readonly ratio: number;
  readonly floorPerSecond: number;
  readonly maxSaved: number;
}

/** How many times `maxSaved` may be owed: enough for all that the budgets of hedges allow at once. */
const MOST_OWED = 10;

export const createRetryLedger = ({ ratio, floorPerSecond, maxSaved }: RetryLedgerOptions): RetryLedger => {
  const bucket = tokenBucket({ capacity: maxSaved, mostOwed: MOST_OWED * maxSaved });
  // The retries at the beginning are an advance: what is earned first repays it.
  let advance = maxSaved;
  // By how much calls have earned more than time has: what one of them has earned, the other does not earn again.
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
    left() {
      passTime();
      // Five times a fifth is a little less than 1.
      return Math.max(0, Math.floor(bucket.level() + 1e-9));
    },
  };
};
