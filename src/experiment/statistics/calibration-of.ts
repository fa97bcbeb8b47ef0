import { checked, completed, oneOf, reading, wholeNumber } from '../../options.ts';
import { type ConfidenceGroup, type ConfidencePair, groupsOf } from './confidence-group.ts';
import type { Interval } from './interval.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** Options of {@link calibrationOf}. */
export interface CalibrationOptions {
  /** The largest number of bins, from 1; empty bins are left out. Default 10. */
  readonly bins?: number;
  /**
   * `equal-width`: bins span equal ranges of confidence, `(0, 0.1]`, `(0.1, 0.2]`, …; `equal-mass`: bins have about the
   * same number of answers, with equal confidences in the same bin. Default `equal-width`.
   */
  readonly binning?: 'equal-width' | 'equal-mass';
}

/** Answers of similar confidence. */
export interface ReliabilityBin {
  /** The lowest confidence in the bin, 0..1. */
  readonly low: number;
  /** The highest confidence in the bin, 0..1. */
  readonly high: number;
  readonly count: number;
  /** The mean confidence of these answers, 0..1. */
  readonly meanConfidence: number;
  /** The proportion of right answers, 0..1. */
  readonly accuracy: number;
  /** The 95 % confidence interval of `accuracy`. */
  readonly interval: Interval;
}

/** The difference between confidences and the frequency of right answers. */
export interface Calibration {
  /** The number of answers. If it is 0, every other number is `undefined`. */
  readonly count: number;
  readonly accuracy: number | undefined;
  readonly meanConfidence: number | undefined;
  /**
   * The expected calibration error, 0..1: the mean distance of confidence and accuracy over the bins, weighted by their
   * size.
   */
  readonly ece: number | undefined;
  /** The `ece` expected by chance for this number of answers and these bins if every confidence is exactly right. */
  readonly eceByChance: number | undefined;
  /**
   * The Brier score, 0..1: the mean squared distance of the confidence to 1 for right and 0 for wrong answers. Smaller
   * is better.
   */
  readonly brier: number | undefined;
  /** In ascending order of confidence. */
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Measures the calibration of confidences: whether 80 % of the answers with a confidence of 0.8 are right. Makes no calls.
 *
 * **The `ece` of a sample is biased upwards**: in a bin of 20 answers even a perfect confidence is off by about 0.08.
 * Compare it with `eceByChance`, and compare two values only over the same questions and bins. The `ece` depends on the
 * bins. The Brier score does not, and it also rewards separating right from wrong answers.
 *
 * @throws {ConfigError} if a confidence is outside of 0..1, or if an option is invalid.
 *
 * Formulas: the ECE of Naeini, Cooper and Hauskrecht, AAAI 2015, and Guo et al., ICML 2017; its bias, Bröcker, Climate
 * Dynamics 39 (2012), and Kumar, Liang and Ma, NeurIPS 2019; Brier, Monthly Weather Review 78 (1950). By chance: the mean
 * distance of a normal variable from its mean, `√(2/π) σ`, with the binomial σ of each bin.
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
  return reading('calibrationOf', () => {
    const completedOptions = checked('calibrationOf', options, specs);
    return calibrationOfGroups(groupsOf('calibrationOf', pairs), completedOptions);
  });
};

const specs = {
  bins: [wholeNumber(1), 10],
  binning: [oneOf(['equal-width', 'equal-mass'], ''), 'equal-width'],
} as const;

/** Like {@link calibrationOf}, for groups in ascending order of confidence. */
export const calibrationOfGroups = (
  groups: readonly ConfidenceGroup[],
  options: CalibrationOptions = {},
): Calibration => {
  const { bins: most, binning } = completed(options, specs);
  const count = sum(groups, (group) => group.count);
  const mean = (value: (group: ConfidenceGroup) => number): number | undefined =>
    count === 0 ? undefined : sum(groups, value) / count;
  const binOf = binning === 'equal-width' ? byWidth(most) : byMass(most, count);
  const binned = [...Map.groupBy(groups, binOf).values()];
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

/** The variance of the number of right answers in a group if its confidence is exactly right. */
const varianceOf = ({ confidence, count }: ConfidenceGroup): number => count * confidence * (1 - confidence);

/** Returns the number of the bin of a group. */
type BinOf = (group: ConfidenceGroup) => number;

const byWidth =
  (most: number): BinOf =>
  ({ confidence }) =>
    Math.max(0, Math.ceil(confidence * most - 1e-9) - 1);

/** The middle of a group, counted in answers, determines its bin. Groups come in ascending order. */
const byMass = (most: number, count: number): BinOf => {
  let before = 0;
  return (group) => {
    const middle = before + group.count / 2;
    before += group.count;
    return Math.min(most - 1, Math.floor((middle / count) * most));
  };
};

const toBin = (groups: readonly ConfidenceGroup[]): ReliabilityBin => {
  const count = sum(groups, (group) => group.count);
  const right = sum(groups, (group) => group.right);
  return {
    low: groups[0]?.confidence ?? 0,
    high: groups.at(-1)?.confidence ?? 1,
    count,
    // The mean of equal numbers may have a rounding error and lie outside of `low` and `high`.
    meanConfidence:
      groups.length === 1
        ? (groups[0]?.confidence ?? 0)
        : Math.min(1, sum(groups, (group) => group.count * group.confidence) / count),
    accuracy: right / count,
    interval: wilsonInterval(right, count),
  };
};
