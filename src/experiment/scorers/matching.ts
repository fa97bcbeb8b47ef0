import { answerKey } from '../../domain/answer-key.ts';
import { faultsOf, nonEmpty, oneOf, refuse, wholeNumber } from '../../options.ts';
import type { Scorer } from './scorer.ts';

/** Options of {@link matching}. */
export interface MatchingOptions {
  /** What right answers match. Default: the expected answer is the pattern, as of `new RegExp(expected, flags)`. */
  readonly pattern?: RegExp;
  /** The flags of a pattern that is the expected answer. Default `iu`. */
  readonly flags?: string;
  /** How much of an answer is looked at, in characters. Default 1,000. */
  readonly maxLength?: number;
}

/**
 * Right is an answer that matches a regular expression: one for all questions, or the expected answer of each.
 *
 * An answer is input that nobody has checked, and some patterns take exponential time over some texts, such as
 * `(a+)+$`: only the first `maxLength` characters are looked at, which bounds what a sound pattern costs, and does not
 * make a bad one good. Patterns come from the dataset: use those that you trust.
 *
 * @throws {ConfigError} for options that cannot be. The scorer throws for an expected answer that is no pattern.
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
  refuse(
    faultsOf('matching', options, {
      pattern: oneOf([], 'a regular expression', (value) => value instanceof RegExp),
      flags: oneOf([], 'flags of regular expressions', isFlags),
      maxLength: wholeNumber(1),
    }),
  );
  const { pattern, flags = 'iu', maxLength = 1000 } = options;
  // A pattern that is global or sticky remembers where it was.
  const fixed = pattern && new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return (answer, { expected }) => {
    const wanted = fixed ?? new RegExp(patternOf(expected), flags);
    return wanted.test(answerKey(answer).slice(0, maxLength));
  };
};

const isFlags = (value: unknown): boolean => {
  if (typeof value !== 'string' || /[gy]/.test(value)) return false;
  try {
    return new RegExp('', value) !== undefined;
  } catch {
    return false;
  }
};

const patternOf = (expected: unknown): string => {
  if (nonEmpty(expected) !== undefined) throw new TypeError('matching: the expected answer is no pattern');
  return String(expected);
};
