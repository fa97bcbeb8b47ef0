import { checked, ofType, shown, wholeNumber } from '../../options.ts';
import { regularizedBeta } from './regularized-beta.ts';

/** Options of {@link mcnemar}. */
export interface McNemarOptions {
  /**
   * Whether what was seen counts only half towards what is as extreme: less cautious, and then wrong a little more
   * often than the p-value says in rare cases. Default false: the exact p-value, which is never too small.
   */
  readonly isMidP?: boolean;
}

/**
 * How likely it is that two conditions differ as much as this, or more, if in truth each is as often right as the
 * other: McNemar's exact test, two-sided. Only the questions count that one got right and the other did not: if
 * the two are equally good, each of these is the toss of a coin. Costs no calls; exact for a million questions, too.
 *
 * The conditions must have been asked the same questions, and the questions be independent. A large p-value does
 * not say that the two are equal; read the interval of {@link pairedDifference} for what may be between them.
 *
 * @param onlyFirst how many questions only the first condition got right.
 * @param onlySecond how many only the second one did.
 * @returns the p-value, 0..1; 1 where the two never differ.
 *
 * @throws {ConfigError} for counts that are none.
 *
 * Formula: Q. McNemar, Psychometrika 12 (1947); the exact and the mid-p version as in Fagerland, Lydersen and
 * Laake, BMC Medical Research Methodology 13 (2013).
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
  const faults = [onlyFirst, onlySecond].flatMap((count) => {
    const expected = wholeNumber(0)(count);
    return expected === undefined ? [] : [`mcnemar: a count must be ${expected}, but got ${shown(count)}`];
  });
  const { isMidP } = checked('mcnemar', options, { isMidP: [ofType('boolean'), false] }, faults);
  const fewer = Math.min(onlyFirst, onlySecond);
  const all = onlyFirst + onlySecond;
  if (all === 0) return 1;
  const tail = upTo(fewer, all);
  if (!isMidP) return Math.min(1, 2 * tail);
  const seen = tail - (fewer === 0 ? 0 : upTo(fewer - 1, all));
  // In the very middle there is one such outcome, and else one on each side.
  return 2 * fewer === all ? 1 - seen / 2 : 2 * tail - seen;
};

/** How likely at most so many heads are in `all` tosses. */
const upTo = (heads: number, all: number): number => regularizedBeta(0.5, all - heads, heads + 1);
