import type { Trial } from '../experiment/trial.ts';
import type { Stats } from '../metrics/stats.ts';
import { type StatsFold, statsFold } from '../metrics/stats-fold.ts';

/** How one condition stands. */
export interface ConditionSummary {
  readonly condition: string;
  /** How many of its answers could be scored, and the sum of their scores. */
  readonly scored: number;
  readonly score: number;
  readonly stats: Stats;
}

/** How the conditions of an experiment stand, at any time; in memory that does not grow with the trials. */
export interface ConditionStats {
  add(trial: Trial): void;
  /** The share of right answers of each condition so far; `undefined` where none could be scored. */
  accuracies(): ReadonlyMap<string, number | undefined>;
  all(): readonly ConditionSummary[];
}

/** A hundredth is enough for a table. */
const RELATIVE_ACCURACY = 0.01;

/** Standings of these conditions, which begin with nothing. */
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
