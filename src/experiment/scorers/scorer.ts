import type { Question } from '../question.ts';

/** The part of a condition that a scorer may use. */
export interface ScoringContext {
  /** Reads the answer from a text as the condition does; `undefined` if it finds no answer. */
  readonly readAnswer: (text: string) => unknown;
}

/**
 * Scores an answer: `true` or 1 if it is right, `false` or 0 if it is wrong, a number between if it is partly right.
 * Called only if the right answer is known.
 */
export type Scorer = (
  answer: unknown,
  question: Question,
  context: ScoringContext,
) => number | boolean | Promise<number | boolean>;
