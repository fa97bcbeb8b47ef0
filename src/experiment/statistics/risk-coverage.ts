import { checked, completed, suchThat } from '../../options.ts';
import { type ConfidenceGroup, type ConfidencePair, groupsOf } from './confidence-group.ts';
import { regularizedBeta } from './regularized-beta.ts';

/** Options of {@link riskCoverage}. */
export interface RiskCoverageOptions {
  /** How many questions were asked, those without an answer too. Default: as many as there are answers. */
  readonly questions?: number;
  /** The precisions for which the coverage is wanted, between 0 and 1. Default 0.95 and 0.99. */
  readonly precisions?: readonly number[];
}

/** What is left where only answers are given that are at least this sure. */
export interface RiskCoveragePoint {
  /** The least confidence of an answer that is given, 0..1. */
  readonly threshold: number;
  /** The share of the questions that get an answer, 0..1. */
  readonly coverage: number;
  /** The share of the answers given that are wrong, 0..1. */
  readonly risk: number;
}

/** How many questions can be answered at a wanted precision. */
export interface CoverageAtPrecision {
  /** The share of the answers given that is to be right. */
  readonly precision: number;
  /** The greatest coverage at which it was reached in the sample; 0 where it never is. */
  readonly observed: { readonly coverage: number; readonly threshold: number | undefined };
  /**
   * The greatest coverage for which the precision is proven at 95 %: of a hundred such samples, at most five give
   * a threshold that does not hold. 0 where nothing is proven.
   */
  readonly proven: { readonly coverage: number; readonly threshold: number | undefined };
}

/** What it costs in answers to be wrong less often. */
export interface RiskCoverage {
  /** How many answers there are. */
  readonly count: number;
  /** A point for each different confidence, from the fewest and surest answers to all of them. */
  readonly points: readonly RiskCoveragePoint[];
  /** The mean risk over all numbers of answers given, 0..1: smaller is better; `undefined` without answers. */
  readonly aurc: number | undefined;
  readonly coverageAt: readonly CoverageAtPrecision[];
}

/** How often a threshold is taken for proven that is not. */
const MAX_ERROR = 0.05;

/**
 * What happens if only sure answers are given: how many are left, and how many of these are wrong. Costs no calls.
 *
 * **The `observed` coverage at a precision is too high**, since the threshold was chosen on the answers that it is
 * judged by. `proven` is honest: thresholds are tested one after the other, from the strictest that has enough
 * answers to pass at all, each by the exact binomial test, up to the first that fails. Questions must be
 * independent, and those to come like these.
 *
 * Answers of one confidence are given together or not at all; for the area they come in random order.
 *
 * @throws {ConfigError} for a confidence outside of 0..1, for fewer questions than answers, and for a precision
 *   that is not between 0 and 1.
 *
 * Formulas: El-Yaniv and Wiener, JMLR 11 (2010); the area, Geifman, Uziel and El-Yaniv, ICLR 2019; testing in a
 * fixed sequence, Angelopoulos et al., "Learn then test", arXiv 2110.01052.
 *
 * @example
 * ```ts
 * import { riskCoverage } from 'crucible-ensemble/experiment';
 *
 * // All of the 100 sure answers are right, and half of the others.
 * const pairs = Array.from({ length: 200 }, (_, index) => ({
 *   confidence: index < 100 ? 1 : 0.6,
 *   isRight: index < 100 || index % 2 === 0,
 * }));
 * const { points, coverageAt } = riskCoverage(pairs);
 * points.map(({ coverage, risk }) => [coverage, risk]); // => [[0.5, 0], [1, 0.25]]
 * coverageAt.map(({ precision, observed, proven }) => [precision, observed.coverage, proven.coverage]);
 * // => [[0.95, 0.5, 0.5], [0.99, 0.5, 0]]
 * ```
 */
export const riskCoverage = (
  pairs: Iterable<ConfidencePair>,
  options: RiskCoverageOptions = {},
): RiskCoverage => {
  const groups = groupsOf('riskCoverage', pairs);
  const count = groups.reduce((total, group) => total + group.count, 0);
  return riskCoverageOfGroups(groups, checked('riskCoverage', options, specsFor(count)));
};

const specsFor = (answers: number) =>
  ({
    questions: [
      suchThat(
        `a whole number from ${answers} on, the number of answers`,
        (value) => Number.isSafeInteger(value) && (value as number) >= answers,
      ),
      answers,
    ],
    precisions: [suchThat('an array of numbers between 0 and 1', arePrecisions), [0.95, 0.99]],
  }) as const;

const arePrecisions = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'number' && each > 0 && each < 1);

/** Answers down to a threshold. */
interface Given {
  readonly threshold: number;
  readonly count: number;
  readonly right: number;
}

/** The same for answers that are grouped already, from the least sure group on. */
export const riskCoverageOfGroups = (
  groups: readonly ConfidenceGroup[],
  options: RiskCoverageOptions,
): RiskCoverage => {
  const given: Given[] = [];
  let [count, right, risks] = [0, 0, 0];
  for (const group of groups.toReversed()) {
    const wrongShare = 1 - group.right / group.count;
    for (let more = 1; more <= group.count; more += 1) {
      risks += (count - right + more * wrongShare) / (count + more);
    }
    count += group.count;
    right += group.right;
    given.push({ threshold: group.confidence, count, right });
  }
  const { questions, precisions } = completed(options, specsFor(count));
  const coverageOf = (last: Given | undefined) => ({
    coverage: last === undefined ? 0 : last.count / questions,
    threshold: last?.threshold,
  });
  return {
    count,
    points: given.map((each) => ({ ...coverageOf(each), threshold: each.threshold, risk: riskOf(each) })),
    aurc: count === 0 ? undefined : risks / count,
    coverageAt: precisions.map((precision) => ({
      precision,
      observed: coverageOf(given.findLast((each) => each.right >= precision * each.count)),
      proven: coverageOf(provenOf(given, precision)),
    })),
  };
};

const riskOf = ({ count, right }: Given): number => 1 - right / count;

const provenOf = (given: readonly Given[], precision: number): Given | undefined => {
  // Skips by the number of answers alone, and not by which are right: that costs no certainty.
  const enough = given.filter(({ count }) => precision ** count <= MAX_ERROR);
  const failed = enough.findIndex(({ count, right }) => chanceOf(right, count, precision) > MAX_ERROR);
  return failed === -1 ? enough.at(-1) : enough[failed - 1];
};

/** How likely as many right answers and more are where only this share of them is right in truth. */
const chanceOf = (right: number, count: number, share: number): number =>
  right === 0 ? 1 : regularizedBeta(share, right, count - right + 1);
