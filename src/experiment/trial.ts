import { sumOf } from '../domain/cost.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PredictionResult } from '../metrics/stats.ts';
import type { Graded } from './jury/grade.ts';
import type { Question } from './question.ts';

/** The result of one condition of an experiment for one question. */
export interface Trial {
  /** The name of the condition. */
  readonly condition: string;
  readonly question: Question;
  /** The prediction, or the error that carries the reason and the calls. */
  readonly result: PredictionResult;
  /**
   * The score of the prediction, 0..1: 0 if there is no prediction because of the answers, `undefined` if it cannot be
   * scored.
   */
  readonly score: number | undefined;
  /**
   * Why there is no score although the right answer is known: calls failed, calls are not recorded, or the judge has no
   * verdict.
   */
  readonly unscored?: string;
  /** `failed` if the verdict of a judge is missing because its calls failed: then the question is left out of all figures. */
  readonly leftOut?: 'failed';
  /** The verdict of the jury that scores the experiment, with the reason of each juror. */
  readonly graded?: Graded;
}

/** Whether the prediction of a trial counts as right; partly right does not count. */
export const isRight = ({ score }: Trial): boolean => score === 1;

/** The cost of a trial; an error before the first call cost nothing. */
export const costOf = ({ result }: Trial): ReturnType<typeof sumOf> =>
  result instanceof NoPredictionError
    ? result.outcomes.length === 0
      ? { costUsd: 0, costSource: 'reported' }
      : sumOf(result.outcomes)
    : result.metadata;

/** Whether a call failed because no answer to it is recorded. */
export const isNotRecorded = (outcome: Outcome): boolean =>
  outcome.status === 'failed' && outcome.error.name === 'ReplayMissError';
