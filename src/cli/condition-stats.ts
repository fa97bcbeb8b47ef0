import type { Trial } from '../experiment/trial.ts';
import type { Stats } from '../metrics/stats.ts';
import { type StatsFold, statsFold } from '../metrics/stats-fold.ts';

/** The results of one condition so far. */
export interface ConditionSummary {
  readonly condition: string;
  /** The number of answers with a score, and the sum of these scores. */
  readonly scored: number;
  readonly score: number;
  readonly stats: Stats;
}

/** The results of all conditions so far. Memory does not grow with the number of trials. */
export interface ConditionStats {
  add(trial: Trial): void;
  /** Returns the accuracy of each condition so far; `undefined` if no answer has a score. */
  accuracies(): ReadonlyMap<string, number | undefined>;
  all(): readonly ConditionSummary[];
}

/** The relative accuracy of latency quantiles: 1 % is enough for a table. */
const RELATIVE_ACCURACY = 0.01;

/** Returns empty statistics of these conditions. */
export const createConditionStats = (conditions: readonly string[]): ConditionStats => {
  interface Count {
    scored: number;
    score: number;
    readonly fold: StatsFold;
  }
  const counts = new Map<string, Count>(
    conditions.map((condition) => [
      condition,
      { scored: 0, score: 0, fold: statsFold({ relativeAccuracy: RELATIVE_ACCURACY }) },
    ]),
  );
  return {
    add({ condition, result, score }) {
      const count = counts.get(condition);
      if (count === undefined) return;
      count.fold.add(result);
      if (score === undefined) return;
      count.scored += 1;
      count.score += score;
    },
    accuracies: () =>
      new Map(
        Array.from(counts, ([condition, { scored, score }]) => [
          condition,
          scored === 0 ? undefined : score / scored,
        ]),
      ),
    all: () =>
      Array.from(counts, ([condition, { scored, score, fold }]) => ({
        condition,
        scored,
        score,
        stats: fold.stats(),
      })),
  };
};
