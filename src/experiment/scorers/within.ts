import { checked, reading, refuse, suchThat } from '../../options.ts';
import { type LabelMatch, readLabel, withLabelMatch } from './label-match.ts';
import type { Scorer } from './scorer.ts';
import { scorerOf } from './scorer-of.ts';

/** The largest difference to the expected number: at least one option. If both are given, an answer within either is right. */
export interface Tolerance {
  /** The absolute difference, in the unit of the answer, at least 0. Default 0. */
  readonly absolute?: number;
  /** The difference as a ratio of the expected number, at least 0: 0.01 is one percent. Default 0. */
  readonly relative?: number;
}

/**
 * Scores a number as right if it is close to the expected one. If either is not a number, the answer is wrong. Strings
 * are read as the condition reads answers.
 *
 * @throws {ConfigError} if a tolerance is not a number of at least 0, or none is given.
 *
 * @example
 * ```ts
 * import { within } from 'crucible-ensemble/experiment';
 *
 * const score = within({ relative: 0.01 });
 * const question = { id: '1', question: 'How high is Mont Blanc, in metres?', expected: 4806 };
 * score(4810, question, { readAnswer: Number }); // => true
 * ```
 */
export const within = (tolerance: Tolerance): Scorer => {
  return reading('within', () => {
    const { absolute, relative } = checked('within', tolerance, {
      absolute: [amount, 0],
      relative: [amount, 0],
    });
    if (tolerance.absolute === undefined && tolerance.relative === undefined) {
      refuse([
        'within: a tolerance is missing: give "absolute", "relative" or both, such as { "relative": 0.01 }; for equal numbers, use the scorer "exact"',
      ]);
    }
    const score = scorerOf('within', (answer, { expected }, { readAnswer }) => {
      const [given, right] = [answer, expected].map((value) =>
        typeof value === 'string' ? asNumber(readAnswer(value)) : asNumber(value),
      ) as [number, number];
      // False if either side is NaN.
      return Math.abs(given - right) <= Math.max(absolute, relative * Math.abs(right));
    });
    return withLabelMatch(score, isNumber);
  });
};

const amount = suchThat(
  'a number of at least 0',
  (value) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY,
);

/** Whether a right answer is a number, or a text in which the condition finds one. */
const isNumber: LabelMatch = (expected, normalizer) =>
  typeof expected === 'string'
    ? readLabel(expected, normalizer).some(({ answer }) => !Number.isNaN(asNumber(answer)))
    : !Number.isNaN(asNumber(expected));

const asNumber = (value: unknown): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
};
