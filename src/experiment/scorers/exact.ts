import { formOf } from '../../domain/answer-form.ts';
import { answerKey, answerText } from '../../domain/answer-key.ts';
import { isNormalization, type Normalization, normalizerOf } from '../../normalizers/normalizers.ts';
import { checked, reading } from '../../options.ts';
import { canEqual, readLabel, withLabelMatch } from './label-match.ts';
import type { Scorer } from './scorer.ts';
import { scorerOf } from './scorer-of.ts';

/** Options of {@link exact}. */
export interface ExactOptions {
  /**
   * Reads both answers, the given and the expected one, before they are compared: with `math()` of `crucible-ensemble/math`,
   * `\\frac{1}{2}` is 0.5. Default: the expected answer is read as the condition reads answers.
   */
  readonly as?: Normalization;
}

/** Whether calls of tools are the same as the expected ones, also if the normalization tells more spellings apart. */
const isWordedAlike = (answer: unknown, expected: unknown): boolean => {
  const wording = formOf(answer)?.wording;
  return wording !== undefined && wording === formOf(expected)?.wording;
};

/**
 * Scores an answer as right if it counts as the same vote as the expected one. If the expected answer is a string, it
 * is read as answers are: with `boolean`, `'yes'` is `true`; with `numeric`, `'1,234'` is 1234.
 *
 * @throws {ConfigError} if an option is invalid.
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
export const exact = (options: ExactOptions = {}): Scorer => {
  return reading('exact', () => {
    const { as } = checked('exact', options, { as: isNormalization });
    return as === undefined ? sameVote : sameReading(as);
  });
};

const sameVote: Scorer = withLabelMatch(
  scorerOf('exact', (answer, { expected }, { readAnswer }) => {
    const key = answerKey(answer);
    if (key === answerKey(expected) || isWordedAlike(answer, expected)) return true;
    if (typeof expected !== 'string') return false;
    const right = readAnswer(expected);
    return right !== undefined && key === answerKey(right);
  }),
  canEqual,
);

/** Compares what a normalizer reads in both answers. */
const sameReading = (as: Normalization): Scorer => {
  const normalizer = normalizerOf(as);
  const keysOf = (answer: unknown): readonly string[] =>
    readLabel(answerText(answer), normalizer).map(({ key }) => key);
  return withLabelMatch(
    scorerOf('exact', (answer, { expected }) => {
      const right = keysOf(expected);
      return keysOf(answer).some((key) => right.includes(key));
    }),
    (expected) => keysOf(expected).length > 0,
  );
};
