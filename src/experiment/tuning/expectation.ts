import type { Estimate } from '../statistics/interval.ts';
import { shareEstimate } from '../statistics/share-estimate.ts';
import { studentTQuantile } from '../statistics/student-t-quantile.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import type { BallotTable } from './ballot-table.ts';
import type { Fold } from './folds.ts';
import type { PanelExpectation } from './panel.ts';
import type { Course } from './play.ts';
import { meanRatio, type Ratio, ratioOf, type ValueOf, varianceOf, varianceOfFits } from './ratio.ts';

/** A share, with its Wilson interval; of nothing, it is 0, and may be anything. */
export const heldOutShare = (count: number, n: number): Estimate =>
  shareEstimate(count, n) ?? { value: 0, low: 0, high: 1 };

/** What is known of a chosen panel. */
export interface Evidence {
  /** The folds in which the panel was played. */
  readonly folds: readonly Pick<Fold, 'held'>[];
  /** The chosen panel in cross-validation. It was chosen by these results, so they are better than it is. */
  readonly chosen: Course;
  /** For each fold: what was chosen without it, in the cross-validation by which it was chosen, which is too good as well. */
  readonly promised: readonly Course[];
  /** The same choices on the rows of their folds, by which they were not chosen. */
  readonly delivered: Course;
}

const always = (): number => 1;
const isGiven: ValueOf = ({ sureness }, row) => ((sureness[row] ?? -1) >= 0 ? 1 : 0);
const isRight: ValueOf = ({ right }, row) => right[row] ?? 0;

/**
 * Estimates the results of a chosen panel on other questions: those of its cross-validation, less what choices promise in
 * theirs beyond what they deliver on rows that they have not seen. Calls and costs are those of its cross-validation, because
 * it is hardly chosen by the luck of these.
 *
 * Source: the correction for the choice is that of Tibshirani and Tibshirani, A bias correction for the minimum error rate in
 * cross-validation (2009), with the gap measured by nested cross-validation as in Bates, Hastie and Tibshirani (2021).
 */
export const expectationOf = ({ unit, rows }: BallotTable, evidence: Evidence): PanelExpectation => {
  const { folds, chosen, promised, delivered } = evidence;
  const share = (part: ValueOf, whole: ValueOf): Estimate => {
    const of = (course: Course): Ratio => ratioOf(course, rows.length, part, whole);
    const [played, seen, unseen] = [of(chosen), meanRatio(promised.map(of)), of(delivered)];
    if (played.whole === 0 || unseen.whole === 0) return { value: 0, low: 0, high: 1 };
    const value = Math.min(1, Math.max(0, played.value - seen.value + unseen.value));
    const influences = played.influences.map(
      (influence, row) => influence - (seen.influences[row] ?? 0) + (unseen.influences[row] ?? 0),
    );
    return shareWith(value, played.whole, varianceOf(influences, folds.length));
  };
  const mean = (part: ValueOf): Estimate => {
    const { value, influences } = ratioOf(chosen, rows.length, part, always);
    const half = Math.sqrt(varianceOfFits(influences, folds)) * studentTQuantile(0.95, rows.length - 1);
    return { value, low: Math.max(0, value - half), high: value + half };
  };
  return {
    accuracy: share(isRight, always),
    calls: mean(({ calls }, row) => calls[row] ?? 0),
    ...(unit === 'usd' && { costUsd: mean(({ cost }, row) => cost[row] ?? 0) }),
    coverage: share(isGiven, always),
    precision: share(isRight, isGiven),
  };
};

/** A share of `n` with the interval of Wilson for as many independent observations as explain the variance. */
const shareWith = (value: number, n: number, variance: number): Estimate => {
  // A share of 0 or 1 has no variance, but one observation more of each kind has.
  const smoothed = (value * n + 1) / (n + 2);
  const independent = n / Math.max(1, (variance * n) / (smoothed * (1 - smoothed)));
  return { value, ...wilsonInterval(value * independent, independent) };
};

/** Sums numbers. */
export const sumOf = (values: Uint8Array | Uint16Array | Float64Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};
