import { answerText } from '../../domain/answer-key.ts';
import { checked, nonEmpty, reading, shown, suchThat, wholeNumber } from '../../options.ts';
import { withLabelMatch } from './label-match.ts';
import type { Scorer } from './scorer.ts';
import { scorerOf } from './scorer-of.ts';

/** Options of {@link matching}. */
export interface MatchingOptions {
  /** The pattern of right answers. Default: the expected answer is the pattern, as in `new RegExp(expected, flags)`. */
  readonly pattern?: RegExp;
  /** The flags if the expected answer is the pattern, without `g` and `y`. Default `iu`. */
  readonly flags?: string;
  /** The number of characters of an answer that are tested, from 1. Default 1,000. */
  readonly maxLength?: number;
}

/**
 * Scores an answer as right if it matches a regular expression: one for all questions, or the expected answer of each.
 *
 * Some patterns, such as `(a+)+$`, take exponential time for some texts, and answers are untrusted. Only the first
 * `maxLength` characters are tested: this limits the time of an ordinary pattern, but not of an exponential one. Patterns
 * come from the dataset, so use datasets that you trust.
 *
 * @throws {ConfigError} if an option is invalid. The scorer throws if the expected answer is not a valid pattern.
 *
 * @example
 * ```ts
 * import { matching } from 'crucible-ensemble/experiment';
 *
 * const question = { id: '1', question: 'Who wrote Faust?', expected: '\\bgoethe\\b' };
 * matching()('Johann Wolfgang von Goethe', question, { readAnswer: (text) => text }); // => true
 * ```
 */
export const matching = (options: MatchingOptions = {}): Scorer => {
  return reading('matching', () => {
    const { pattern, flags, maxLength } = checked('matching', options, {
      pattern: suchThat('a regular expression', (value) => value instanceof RegExp),
      flags: [suchThat('flags of a regular expression, without g and y', isFlags), 'iu'],
      maxLength: [wholeNumber(1), 1000],
    });
    // Global and sticky patterns keep state between tests.
    const fixed = pattern && new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
    const score = scorerOf('matching', (answer, { expected }) => {
      const wanted = fixed ?? new RegExp(patternOf(expected), flags);
      return wanted.test(answerText(answer).slice(0, maxLength));
    });
    return withLabelMatch(score, (expected) => fixed !== undefined || isPattern(expected, flags));
  });
};

const isFlags = (value: unknown): boolean => {
  if (typeof value !== 'string' || /[gy]/.test(value)) return false;
  try {
    return new RegExp('', value) !== undefined;
  } catch {
    return false;
  }
};

const isPattern = (expected: unknown, flags: string): boolean => {
  try {
    return new RegExp(patternOf(expected), flags) !== undefined;
  } catch {
    return false;
  }
};

const patternOf = (expected: unknown): string => {
  if (nonEmpty(expected) !== undefined) {
    throw new TypeError(
      `matching: the expected answer must be a regular expression as a string, but got ${shown(expected)}; or set "pattern"`,
    );
  }
  return String(expected);
};
