import { NoPredictionError } from '../domain/no-prediction.ts';
import { isReduced, leftOutOf, unsentIn } from '../experiment/left-out.ts';
import { causesFold } from '../experiment/scorecard/causes-fold.ts';
import type { Trial } from '../experiment/trial.ts';
import { type StatsFold, statsFold } from '../metrics/stats-fold.ts';

/** The results of one condition so far. */
export interface ConditionResults {
  /** The number of questions with a score, the sum of these scores, and the number of those with a prediction. */
  scored: number;
  score: number;
  answered: number;
  /** The number of all questions, of those left out of every figure, and of those answered by a reduced panel. */
  questions: number;
  readonly leftOut: { failed: number; notRecorded: number };
  reduced: number;
  /** The number of calls that a policy refused, so that they were not sent. */
  unsent: number;
  readonly causes: ReturnType<typeof causesFold>;
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
      {
        scored: 0,
        score: 0,
        answered: 0,
        questions: 0,
        leftOut: { failed: 0, notRecorded: 0 },
        reduced: 0,
        unsent: 0,
        causes: causesFold(),
        fold: statsFold({ relativeAccuracy: RELATIVE_ACCURACY }),
      },
    ]),
  );

/** Adds a trial to the results of its condition. */
export const addTrial = (stats: ConditionStats, trial: Trial): void => {
  const { condition, result, score } = trial;
  const results = stats.get(condition);
  if (results === undefined) return;
  results.questions += 1;
  results.causes.add(trial);
  const leftOut = leftOutOf(trial);
  if (leftOut !== undefined) {
    results.leftOut[leftOut] += 1;
    return;
  }
  results.fold.add(result);
  if (isReduced(trial)) results.reduced += 1;
  results.unsent += unsentIn(result);
  if (score === undefined) return;
  results.scored += 1;
  results.score += score;
  if (!(result instanceof NoPredictionError)) results.answered += 1;
};

/** Returns the mean score; `undefined` if no question with a score was answered, because then nothing was measured. */
export const accuracyOf = ({ answered, score, scored }: ConditionResults): number | undefined =>
  answered === 0 ? undefined : score / scored;
