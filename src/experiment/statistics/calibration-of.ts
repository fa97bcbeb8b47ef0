import { checked, completed, oneOf, wholeNumber } from '../../options.ts';
import { type ConfidenceGroup, type ConfidencePair, groupsOf } from './confidence-group.ts';
import type { Interval } from './interval.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** Options of {@link calibrationOf}. */
export interface CalibrationOptions {
  /** How many bins there are at most; empty ones are left out. From 1. Default 10. */
  readonly bins?: number;
  /**
   * `equal-width`: each spans as much confidence as every other, `(0, 0.1]`, `(0.1, 0.2]`, …; `equal-mass`:
   * each has about as many answers, and those of one confidence stay together. Default `equal-width`.
   */
  readonly binning?: 'equal-width' | 'equal-mass';
}

/** Answers of about the same confidence. */
export interface ReliabilityBin {
  /** The least and the greatest confidence in the bin, 0..1. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** How sure these answers were on average, 0..1. */
  readonly meanConfidence: number;
  /** The share of them that is right, 0..1, and where the true share lies at 95 %. */
  readonly accuracy: number;
  readonly interval: Interval;
}

/** How far confidences are from how often answers are right. */
export interface Calibration {
  /** How many answers there are; every other number is `undefined` where there are none. */
  readonly count: number;
  readonly accuracy: number | undefined;
  readonly meanConfidence: number | undefined;
  /** The expected calibration error, 0..1: the distance of confidence and accuracy over the bins, by their size. */
  readonly ece: number | undefined;
  /** The `ece` that as many answers in these bins show by chance where every confidence is exactly right. */
  readonly eceByChance: number | undefined;
  /** The mean squared distance of confidence from 1 where right and 0 where wrong, 0..1: smaller is better. */
  readonly brier: number | undefined;
  /** From the least sure on. */
  readonly bins: readonly ReliabilityBin[];
}

/**
 * How far confidences can be believed: whether of the answers that are 80 % sure, 80 % are right. Costs no calls.
 *
 * **The `ece` of a sample is too high**: in a bin of 20 answers even a perfect confidence is some 8 points off.
 * Read it beside `eceByChance`, and compare two only over the same questions and bins. It depends on the bins,
 * too; `brier` does not, and rewards telling right from wrong as well.
 *
 * @throws {ConfigError} for a confidence outside of 0..1, and for options that are none.
 *
 * Formulas: the ECE of Naeini, Cooper and Hauskrecht, AAAI 2015, and Guo et al., ICML 2017; its bias, Bröcker,
 * Climate Dynamics 39 (2012), and Kumar, Liang and Ma, NeurIPS 2019; Brier, Monthly Weather Review 78 (1950).
 * By chance: the mean distance of a normal variable from its mean, `√(2/π) σ`, with the binomial σ of each bin.
 *
 * @example
 * ```ts
 * import { calibrationOf } from 'crucible-ensemble/experiment';
 *
 * const pairs = [
 *   ...[true, true, true, false].map((isRight) => ({ confidence: 0.75, isRight })),
 *   ...[true, false].map((isRight) => ({ confidence: 1, isRight })),
 * ];
 * const { ece, bins } = calibrationOf(pairs);
 * ece?.toFixed(4); // => '0.1667'
 * bins.map(({ meanConfidence, accuracy }) => [meanConfidence, accuracy]); // => [[0.75, 0.75], [1, 0.5]]
 * ```
 */
export const calibrationOf = (
  pairs: Iterable<ConfidencePair>,
  options: CalibrationOptions = {},
): Calibration => {
  const completedOptions = checked('calibrationOf', options, specs);
  return calibrationOfGroups(groupsOf('calibrationOf', pairs), completedOptions);
};

const specs = {
  bins: [wholeNumber(1), 10],
  binning: [oneOf(['equal-width', 'equal-mass'], ''), 'equal-width'],
} as const;

/** The same for answers that are grouped already, from the least sure group on. */
export const calibrationOfGroups = (
  groups: readonly ConfidenceGroup[],
  options: CalibrationOptions = {},
): Calibration => {
  const { bins: most, binning } = completed(options, specs);
  const count = sum(groups, (group) => group.count);
  const mean = (value: (group: ConfidenceGroup) => number): number | undefined =>
    count === 0 ? undefined : sum(groups, value) / count;
  const binned = binning === 'equal-width' ? byWidth(groups, most) : byMass(groups, most, count);
  const bins = binned.map(toBin);
  const distances = sum(bins, (bin) => bin.count * Math.abs(bin.meanConfidence - bin.accuracy));
  const byChance = sum(binned, (bin) => Math.sqrt((2 / Math.PI) * sum(bin, varianceOf)));
  return {
    count,
    accuracy: mean(({ right }) => right),
    meanConfidence: mean((group) => group.count * group.confidence),
    ece: count === 0 ? undefined : distances / count,
    eceByChance: count === 0 ? undefined : byChance / count,
    brier: mean(
      ({ confidence, count: size, right }) =>
        right * (1 - confidence) ** 2 + (size - right) * confidence ** 2,
    ),
    bins,
  };
};

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

/** How far the number of right answers in a group varies, where its confidence is exactly right. */
const varianceOf = ({ confidence, count }: ConfidenceGroup): number => count * confidence * (1 - confidence);

const byWidth = (groups: readonly ConfidenceGroup[], most: number): ConfidenceGroup[][] =>
  Object.values(
    Object.groupBy(groups, ({ confidence }) => Math.max(0, Math.ceil(confidence * most - 1e-9) - 1)),
  ).map((bin = []) => bin);

/** A group goes where its middle lies, counted in answers. */
const byMass = (groups: readonly ConfidenceGroup[], most: number, count: number): ConfidenceGroup[][] => {
  let before = 0;
  const placed = Object.groupBy(groups, (group) => {
    const middle = before + group.count / 2;
    before += group.count;
    return Math.min(most - 1, Math.floor((middle / count) * most));
  });
  return Object.values(placed).map((bin = []) => bin);
};

const toBin = (groups: readonly ConfidenceGroup[]): ReliabilityBin => {
  const count = sum(groups, (group) => group.count);
  const right = sum(groups, (group) => group.right);
  return {
    low: groups[0]?.confidence ?? 0,
    high: groups.at(-1)?.confidence ?? 1,
    count,
    // A mean of equal numbers can be off in its last digit, and then lie outside of them.
    meanConfidence:
      groups.length === 1
        ? (groups[0]?.confidence ?? 0)
        : Math.min(1, sum(groups, (group) => group.count * group.confidence) / count),
    accuracy: right / count,
    interval: wilsonInterval(right, count),
  };
};
