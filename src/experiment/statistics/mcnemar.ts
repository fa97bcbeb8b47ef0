import { checked, ofType, reading, shown, wholeNumber } from '../../options.ts';
import { regularizedBeta } from './regularized-beta.ts';

/** Options of {@link mcnemar}. */
export interface McNemarOptions {
  /**
   * Whether the observed counts contribute only half of their probability (mid-p). It is less conservative, but in rare
   * cases the error rate is slightly higher than the p-value. Default false: the exact p-value, which is never too
   * small.
   */
  readonly isMidP?: boolean;
}

/**
 * McNemar's exact test, two-sided: the probability that two conditions differ at least this strongly if both are
 * equally good. Only questions that exactly one of them got right count; if the conditions are equally good, each is
 * like a coin toss. Exact even for a million questions. Makes no calls.
 *
 * The conditions must have the same questions, and the questions must be independent. A large p-value does not mean
 * that the conditions are equal; read the interval of {@link pairedDifference} for the possible difference.
 *
 * @param onlyFirst number of questions that only the first condition got right.
 * @param onlySecond number of questions that only the second condition got right.
 * @returns the p-value, 0..1; 1 if the conditions never differ.
 *
 * @throws {ConfigError} if a count is not an integer of at least 0.
 *
 * Formula: Q. McNemar, Psychometrika 12 (1947); the exact and the mid-p version as in Fagerland, Lydersen and Laake,
 * BMC Medical Research Methodology 13 (2013).
 *
 * @example
 * ```ts
 * import { mcnemar } from 'crucible-ensemble/experiment';
 *
 * mcnemar(1, 7).toFixed(4); // => '0.0703'
 * mcnemar(1, 7, { isMidP: true }).toFixed(4); // => '0.0391'
 * ```
 */
export const mcnemar = (onlyFirst: number, onlySecond: number, options: McNemarOptions = {}): number => {
  return reading('mcnemar', () => {
    const faults = [onlyFirst, onlySecond].flatMap((count) => {
      const expected = wholeNumber(0)(count);
      return expected === undefined ? [] : [`mcnemar: a count must be ${expected}, but got ${shown(count)}`];
    });
    const { isMidP } = checked('mcnemar', options, { isMidP: [ofType('boolean'), false] }, faults);
    const fewer = Math.min(onlyFirst, onlySecond);
    const all = onlyFirst + onlySecond;
    if (all === 0) return 1;
    const tail = binomialTail(fewer, all);
    if (!isMidP) return Math.min(1, 2 * tail);
    const seen = tail - (fewer === 0 ? 0 : binomialTail(fewer - 1, all));
    // If the counts are equal there is one such outcome, otherwise one on each side.
    return 2 * fewer === all ? 1 - seen / 2 : 2 * tail - seen;
  });
};

/** The probability of at most `heads` heads in `all` tosses. */
const binomialTail = (heads: number, all: number): number => regularizedBeta(0.5, all - heads, heads + 1);
