import type { PredictionResult } from '../metrics/stats.ts';
import type { Question } from './question.ts';

/** What one condition of an experiment made of one question. */
export interface Trial {
  /** The name of the condition. */
  readonly condition: string;
  readonly question: Question;
  /** What was predicted, or the error that says why nothing was and what it cost. */
  readonly result: PredictionResult;
  /** How right the prediction is, 0..1: 0 where there is none, `undefined` where the right answer is not known. */
  readonly score: number | undefined;
}
