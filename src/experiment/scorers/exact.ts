import { formOf } from '../../domain/answer-form.ts';
import { answerKey } from '../../domain/answer-key.ts';
import { canEqual, withLabelMatch } from './label-match.ts';
import type { Scorer } from './scorer.ts';
import { scorerOf } from './scorer-of.ts';

/** Whether calls of tools are the same as the expected ones, also if the normalization tells more spellings apart. */
const isWordedAlike = (answer: unknown, expected: unknown): boolean => {
  const wording = formOf(answer)?.wording;
  return wording !== undefined && wording === formOf(expected)?.wording;
};

/**
 * Scores an answer as right if it counts as the same vote as the expected one. If the expected answer is a string, it
 * is read as answers are: with `boolean`, `'yes'` is `true`; with `numeric`, `'1,234'` is 1234.
 *
 * @example
 * ```ts
 * import { exact } from 'crucible-ensemble/experiment';
 *
 * const score = exact();
 * const question = { id: '1', question: 'What is 1000 + 234?', expected: '1,234' };
 * score(1234, question, { readAnswer: (text) => Number(text.replace(',', '')) }); // => true
 * ```
 */
export const exact = (): Scorer =>
  withLabelMatch(
    scorerOf('exact', (answer, { expected }, { readAnswer }) => {
      const key = answerKey(answer);
      if (key === answerKey(expected) || isWordedAlike(answer, expected)) return true;
      if (typeof expected !== 'string') return false;
      const right = readAnswer(expected);
      return right !== undefined && key === answerKey(right);
    }),
    canEqual,
  );
