import type { Trial } from '../experiment/trial.ts';
import { type StatsFold, statsFold } from '../metrics/stats-fold.ts';

/** The results of one condition so far. */
export interface ConditionResults {
  /** The number of answers with a score, and the sum of these scores. */
  scored: number;
  score: number;
  readonly fold: StatsFold;
}

/** The results of all conditions so far, by name. Memory does not grow with the number of trials. */
export type ConditionStats = ReadonlyMap<string, ConditionResults>;

/** The relative accuracy of latency quantiles: 1 % is enough for a table. */
const RELATIVE_ACCURACY = 0.01;

/** Returns empty statistics of these conditions. */
export const createConditionStats = (conditions: readonly string[]): ConditionStats =>
  new Map(
    conditions.map((condition) => [
      condition,
      { scored: 0, score: 0, fold: statsFold({ relativeAccuracy: RELATIVE_ACCURACY }) },
    ]),
  );

/** Adds a trial to the results of its condition. */
export const addTrial = (stats: ConditionStats, { condition, result, score }: Trial): void => {
  const results = stats.get(condition);
  if (results === undefined) return;
  results.fold.add(result);
  if (score === undefined) return;
  results.scored += 1;
  results.score += score;
};
