import type { Question } from '../question.ts';

/** What a scorer may use of the condition whose answer it scores. */
export interface ScoringContext {
  /** The answer that the condition reads out of a text; `undefined` where it finds none. */
  readonly readAnswer: (text: string) => unknown;
}

/**
 * Says how right an answer is: `true` or 1 where it is, `false` or 0 where it is not, a number between where it
 * is partly. Asked only about questions of which the right answer is known.
 */
export type Scorer = (
  answer: unknown,
  question: Question,
  context: ScoringContext,
) => number | boolean | Promise<number | boolean>;
