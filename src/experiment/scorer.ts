import type { Question } from './question.ts';

/**
 * Says how right an answer is: `true` or 1 where it is, `false` or 0 where it is not, a number between where it
 * is partly. Asked only about questions of which the right answer is known.
 */
export type Scorer = (answer: unknown, question: Question) => number | boolean | Promise<number | boolean>;
