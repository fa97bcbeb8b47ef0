import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type RetryBudgetOptions,
  type RetryLedger,
  retriesOf,
  retryBudget,
} from '../../src/policies/retry-budget.ts';
import { marbles } from '../marbles.ts';

/** What happens one after another: a call comes some milliseconds later, and some retries are wanted then. */
const events = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 20_000 })),
    isCall: fc.boolean(),
    wanted: fc.integer({ min: 0, max: 4 }),
  }),
  { minLength: 1, maxLength: 80 },
);
const limits = fc.record({
  ratio: fc.constantFrom(0, 0.1, 0.2, 0.5, 1),
  floorPerSecond: fc.constantFrom(0, 0.5, 1, 5),
  maxSaved: fc.constantFrom(1, 2, 10, 100),
});

interface Moment {
  readonly atMs: number;
  readonly calls: number;
  readonly spent: number;
}

const ledger = (options: RetryBudgetOptions) => retriesOf(retryBudget(options)) as RetryLedger;

/** Calls and retries so far, after each event. */
const run = (
  budget: () => RetryLedger,
  happening: readonly { readonly afterMs: number; readonly isCall: boolean; readonly wanted: number }[],
): Moment[] => {
  const moments: Moment[] = [{ atMs: 0, calls: 0, spent: 0 }];
  marbles((m) => {
    const { earn, spend } = budget();
    let [atMs, calls, spent] = [0, 0, 0];
    for (const { afterMs, isCall, wanted } of happening) {
      atMs += afterMs;
      asyncScheduler.schedule(() => {
        if (isCall) {
          calls += 1;
          earn();
        }
        for (let retry = 0; retry < wanted; retry += 1) if (spend()) spent += 1;
        moments.push({ atMs: asyncScheduler.now(), calls, spent });
      }, atMs);
    }
    m.flush();
  })();
  expect(moments).toHaveLength(happening.length + 1);
  return moments;
};

describe('a retry budget', () => {
  it('spends, from its beginning, no more than it begins with or has earned, whatever is wanted', () => {
    fc.assert(
      fc.property(limits, events, (options, happening) => {
        const { ratio, floorPerSecond, maxSaved } = options;
        for (const { atMs, calls, spent } of run(() => ledger(options), happening)) {
          // What it begins with is an advance on what is earned.
          const earned = ratio * calls + floorPerSecond * (atMs / 1000);
          expect(spent).toBeLessThanOrEqual(Math.max(maxSaved, earned) + 1e-6);
        }
      }),
    );
  });

  it('spends, in any stretch of time, no more than was saved up before and is earned in it', () => {
    fc.assert(
      fc.property(limits, events, (options, happening) => {
        const { ratio, floorPerSecond, maxSaved } = options;
        const moments = run(() => ledger(options), happening);
        moments.forEach((from, index) => {
          for (const to of moments.slice(index + 1)) {
            const seconds = (to.atMs - from.atMs) / 1000;
            const earned = ratio * (to.calls - from.calls) + floorPerSecond * seconds;
            expect(to.spent - from.spent).toBeLessThanOrEqual(maxSaved + earned + 1e-6);
          }
        });
      }),
    );
  });

  it('lets who takes each retry as it comes have the share of the calls, and the floor where that is more', () => {
    fc.assert(
      fc.property(limits, events, (options, happening) => {
        const { ratio, floorPerSecond } = options;
        // Looked at often enough that nothing is earned above what can be saved.
        const often = happening.flatMap(({ isCall }) => [
          { afterMs: 100, isCall, wanted: 4 },
          { afterMs: 100, isCall: false, wanted: 4 },
        ]);
        const { atMs, calls, spent } = run(() => ledger(options), often).at(-1) as Moment;
        const due = Math.max(ratio * calls, floorPerSecond * (atMs / 1000));
        expect(spent).toBeGreaterThan(Math.floor(due + 1e-9) - 2);
      }),
    );
  });

  it('owes no more than ten times what it can save up, however many calls others make on top', () => {
    const { charge, earn, spend } = ledger({ ratio: 0.2, floorPerSecond: 0, maxSaved: 10 });
    for (let call = 0; call < 1000; call += 1) {
      earn();
      charge();
    }
    let calls = 0;
    for (; !spend() && calls < 1000; calls += 1) earn();
    // The hundred that are owed, and the retry, by fifths.
    expect(calls).toBe(505);
  });

  it('says how many whole retries are left, and shows nothing else', () => {
    const budget = retryBudget({ ratio: 0.2, floorPerSecond: 0, maxSaved: 2 });
    const { charge, earn } = retriesOf(budget) as RetryLedger;
    expect(Object.keys(budget)).toStrictEqual(['retriesLeft']);
    expect(budget.retriesLeft()).toBe(2);
    charge();
    charge();
    charge();
    expect(budget.retriesLeft()).toBe(0);
    // Two were an advance, one is owed.
    for (let call = 0; call < 4 * 5; call += 1) earn();
    expect(budget.retriesLeft()).toBe(1);
  });
});
