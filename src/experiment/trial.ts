import type { PredictionResult } from '../metrics/stats.ts';
import type { Question } from './question.ts';

/** The result of one condition of an experiment for one question. */
export interface Trial {
  /** The name of the condition. */
  readonly condition: string;
  readonly question: Question;
  /** The prediction, or the error that carries the reason and the calls. */
  readonly result: PredictionResult;
  /**
   * The score of the prediction, 0..1: 0 if there is no prediction, `undefined` if the right answer is not
   * known.
   */
  readonly score: number | undefined;
}
