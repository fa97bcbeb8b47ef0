import { tokenBucket } from '../domain/token-bucket.ts';
import { between, checked } from '../options.ts';
import { currentClock } from '../time/clock.ts';

/** The size of a {@link RetryBudget}. */
export interface RetryBudgetOptions {
  /** Retries that each call earns. Default 0.2, range 0..1. */
  readonly ratio?: number;
  /** Retries that each second earns if calls earn fewer. Default 1, range 0..1000. */
  readonly floorPerSecond?: number;
  /** The maximum number of retries that can be saved up, and the retries at the beginning. Default 10, range 1..1e6. */
  readonly maxSaved?: number;
}

/** A budget of retries that policies share, so retries stay a small part of all calls. */
export interface RetryBudget {
  /** How many retries could be made now: a whole number from 0 to `maxSaved`. */
  retriesLeft(): number;
}

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

/** What budgets hold for the policies that share them. Kept apart, so that users see only what they may read. */
const ledgers = new WeakMap<object, RetryLedger>();

/** Returns the ledger of a budget that {@link retryBudget} made; `undefined` for any other value. */
export const retriesOf = (budget: unknown): RetryLedger | undefined => ledgers.get(Object(budget));

/**
 * Creates a budget for {@link retry}, to be shared by any number of policies. A token bucket: retries are at most `ratio` of
 * the calls, or `floorPerSecond` if that is more; the two do not add up. It starts with `maxSaved` retries, so the first
 * failures of a process are retried, too. It keeps its state as long as it exists, and sets no timer.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { ModelError, createEnsemble, defineModel } from 'crucible-ensemble';
 * import { retry, retryBudget } from 'crucible-ensemble/policies';
 *
 * const budget = retryBudget({ ratio: 0.1, maxSaved: 3 });
 * let calls = 0;
 * const flaky = defineModel('flaky', () => {
 *   calls += 1;
 *   if (calls < 3) throw new ModelError('flaky', 'busy', { isRetryable: true });
 *   return 'Paris';
 * });
 * const models = [retry({ baseDelayMs: 1, budget })(flaky)];
 * await createEnsemble({ models }).predict('What is the capital of France?');
 * budget.retriesLeft(); // => 1
 * ```
 */
export const retryBudget = (options: RetryBudgetOptions = {}): RetryBudget => {
  const ledger = createLedger(
    checked('retryBudget', options, {
      ratio: [between(0, 1), 0.2],
      floorPerSecond: [between(0, 1000), 1],
      maxSaved: [between(1, 1e6), 10],
    }),
  );
  const budget = { retriesLeft: ledger.left };
  ledgers.set(budget, ledger);
  return budget;
};

/** How many times `maxSaved` may be owed: enough for all that the budgets of hedges allow at once. */
const MOST_OWED = 10;

const createLedger = ({ ratio, floorPerSecond, maxSaved }: Required<RetryBudgetOptions>): RetryLedger => {
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
