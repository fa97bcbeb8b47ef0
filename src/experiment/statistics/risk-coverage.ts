import { checked, completed, reading, suchThat } from '../../options.ts';
import { type ConfidenceGroup, type ConfidencePair, groupsOf } from './confidence-group.ts';
import { regularizedBeta } from './regularized-beta.ts';

/** Options of {@link riskCoverage}. */
export interface RiskCoverageOptions {
  /** The number of questions, those without an answer included. Default: the number of answers. */
  readonly questions?: number;
  /** The precisions to find the coverage for, between 0 and 1. Default 0.95 and 0.99. */
  readonly precisions?: readonly number[];
}

/** Coverage and risk if only answers of at least this confidence are given. */
export interface RiskCoveragePoint {
  /** The lowest confidence of a given answer, 0..1. */
  readonly threshold: number;
  /** The proportion of questions with an answer, 0..1. */
  readonly coverage: number;
  /** The proportion of given answers that are wrong, 0..1. */
  readonly risk: number;
}

/** The coverage at a wanted precision. */
export interface CoverageAtPrecision {
  /** The wanted proportion of right answers. */
  readonly precision: number;
  /** The highest coverage with this precision in the sample; 0 if no threshold reaches it. */
  readonly observed: { readonly coverage: number; readonly threshold: number | undefined };
  /**
   * The highest coverage with this precision proven at 95 %: of a hundred such samples, at most five give a threshold
   * with a lower precision. 0 if no threshold is proven.
   */
  readonly proven: { readonly coverage: number; readonly threshold: number | undefined };
}

/** The trade-off between the risk of wrong answers and coverage. */
export interface RiskCoverage {
  /** The number of answers. */
  readonly count: number;
  /** A point for each different confidence, from the highest threshold to the lowest. */
  readonly points: readonly RiskCoveragePoint[];
  /**
   * The area under the risk-coverage curve, 0..1: the mean risk over all coverages. Smaller is better; `undefined`
   * without answers.
   */
  readonly aurc: number | undefined;
  readonly coverageAt: readonly CoverageAtPrecision[];
}

/** The probability that a proven threshold does not hold. */
const MAX_ERROR = 0.05;

/**
 * Shows coverage and risk if only confident answers are given: how many answers remain, and how many of these
 * are wrong. Makes no calls.
 *
 * **The `observed` coverage at a precision is biased upwards**, because the threshold is chosen and evaluated
 * on the same answers. `proven` is not: thresholds are tested in a fixed order, beginning with the strictest
 * that has enough answers to pass, each by the exact binomial test, until one fails. Questions must be
 * independent, and future questions must be like these.
 *
 * Answers of equal confidence are given together or not at all. For the area they are ordered randomly.
 *
 * @throws {ConfigError} if a confidence is outside of 0..1, if there are fewer questions than answers, or if
 *   a precision is not between 0 and 1.
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
  return reading('riskCoverage', () => {
    const groups = groupsOf('riskCoverage', pairs);
    const count = groups.reduce((total, group) => total + group.count, 0);
    return riskCoverageOfGroups(groups, checked('riskCoverage', options, specsFor(count)));
  });
};

const specsFor = (answers: number) =>
  ({
    questions: [
      suchThat(
        `an integer of at least ${answers}, the number of answers`,
        (value) => Number.isSafeInteger(value) && (value as number) >= answers,
      ),
      answers,
    ],
    precisions: [suchThat('an array of numbers between 0 and 1', arePrecisions), [0.95, 0.99]],
  }) as const;

const arePrecisions = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'number' && each > 0 && each < 1);

/** The answers down to a threshold. */
interface AnswersAbove {
  readonly threshold: number;
  readonly count: number;
  readonly right: number;
}

/** Like {@link riskCoverage}, for groups in ascending order of confidence. */
export const riskCoverageOfGroups = (
  groups: readonly ConfidenceGroup[],
  options: RiskCoverageOptions,
): RiskCoverage => {
  const given: AnswersAbove[] = [];
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
  const coverageOf = (last: AnswersAbove | undefined) => ({
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

const riskOf = ({ count, right }: AnswersAbove): number => 1 - right / count;

const provenOf = (given: readonly AnswersAbove[], precision: number): AnswersAbove | undefined => {
  // Skipping thresholds by the number of answers alone does not affect the error rate.
  const enough = given.filter(({ count }) => precision ** count <= MAX_ERROR);
  const failed = enough.findIndex(({ count, right }) => chanceOf(right, count, precision) > MAX_ERROR);
  return failed === -1 ? enough.at(-1) : enough[failed - 1];
};

/** The probability of at least `right` right answers if the true proportion is `share`. */
const chanceOf = (right: number, count: number, share: number): number =>
  right === 0 ? 1 : regularizedBeta(share, right, count - right + 1);
