import { randomBinomial } from 'd3-random';
import { errorFunction, quantileSorted } from 'simple-statistics';
import { type Draw, drawsFor, resampledSums, seedCheck } from '../../models/random.ts';
import { checked, completed, oneOf, reading, refuse, shown, wholeNumber } from '../../options.ts';
import { type Estimate, type Interval, type IntervalOptions, intervalSpecs } from './interval.ts';
import { normalQuantile } from './normal-quantile.ts';

/** Options of {@link pairedDifference}. */
export interface PairedDifferenceOptions extends IntervalOptions {
  /** The number of bootstrap samples, from 100. Default 2000. */
  readonly resamples?: number;
  /** Seed of the random draws. Default 0. */
  readonly seed?: number | string;
  /**
   * How the interval is taken from the resampled means. `percentile`: the middle part; `bca`: corrected for bias and
   * skewness, which is more accurate for small samples. Default `bca`.
   */
  readonly method?: 'bca' | 'percentile';
}

const specs = {
  ...intervalSpecs,
  resamples: [wholeNumber(100), 2000],
  seed: [seedCheck, 0],
  method: [oneOf(['bca', 'percentile'], ''), 'bca'],
} as const;

/**
 * The mean difference of paired numbers, second minus first, with a paired bootstrap interval. Numbers of a
 * pair must belong together, such as the scores or costs of two conditions on one question; questions must be
 * independent. The same seed gives the same interval. `undefined` if there are no pairs.
 *
 * The bootstrap uses only observed differences. If all pairs have the same difference, the interval is a
 * point, and with fewer than about 20 different pairs it is too narrow.
 *
 * Makes no calls. Takes `resamples` draws for each *different* difference, so scores of 0 and 1 take the same
 * time for a million questions as for a hundred. If most differences are different, it takes as many draws for each pair.
 *
 * @param pairs the first and the second number of each pair.
 *
 * @throws {ConfigError} if a number is not finite, or if an option is invalid.
 *
 * Formulas: B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987), with the acceleration of a mean in
 * closed form, and ties counted half as in SciPy.
 *
 * @example
 * ```ts
 * import { pairedDifference } from 'crucible-ensemble/experiment';
 *
 * // On 1000 questions: 60 that only the second got right, 30 that only the first did.
 * const scores = Array.from({ length: 1000 }, (_, index) =>
 *   index < 60 ? ([0, 1] as const) : index < 90 ? ([1, 0] as const) : ([1, 1] as const),
 * );
 * const { value, low, high } = pairedDifference(scores) ?? {};
 * value; // => 0.03
 * [low?.toFixed(2), high?.toFixed(2)]; // => ['0.01', '0.05']
 * ```
 */
export const pairedDifference = (
  pairs: Iterable<readonly [first: number, second: number]>,
  options: PairedDifferenceOptions = {},
): Estimate | undefined => {
  return reading('pairedDifference', () => {
    const completedOptions = checked('pairedDifference', options, specs);
    const counts = new Map<number, number>();
    for (const [first, second] of pairs) {
      const difference = second - first;
      if (!Number.isFinite(difference)) {
        refuse([
          `pairedDifference: expected two finite numbers, but got ${shown(first)} and ${shown(second)}`,
        ]);
      }
      counts.set(difference, (counts.get(difference) ?? 0) + 1);
    }
    return differenceOfCounts(counts, completedOptions);
  });
};

/** Like {@link pairedDifference}, for differences and their counts. */
export const differenceOfCounts = (
  counts: ReadonlyMap<number, number>,
  options: PairedDifferenceOptions = {},
): Estimate | undefined => {
  const { confidence, resamples, seed, method } = completed(options, specs);
  const seen = [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const n = seen.reduce((total, [, count]) => total + count, 0);
  if (n === 0) return undefined;
  const sum = seen.reduce((total, [difference, count]) => total + difference * count, 0);
  const sumOfResample = resampling(seen, n, `bootstrap/${seed}`);
  const sums = Array.from({ length: resamples }, sumOfResample).sort((a, b) => a - b);
  const middle = { low: (1 - confidence) / 2, high: (1 + confidence) / 2 };
  const acceleration = accelerationOf(seen, sum / n);
  const { low, high } = method === 'bca' ? corrected({ middle, sums, sum, acceleration }) : middle;
  return { value: sum / n, low: quantileSorted(sums, low) / n, high: quantileSorted(sums, high) / n };
};

/** Up to this number of different differences, their counts are drawn. */
const FEW = 100;

/** The number of differences that are drawn in the time that one count of a difference takes. */
const DRAWS_OF_A_COUNT = 32;

/**
 * Chooses the faster of two ways to resample. They give the same distribution, but not the same sums for a seed. Measured for
 * 10,000 different differences: 0.07 s instead of 4 s.
 */
const resampling = (seen: readonly Counted[], n: number, seed: string): (() => number) => {
  if (seen.length <= FEW || n > DRAWS_OF_A_COUNT * seen.length) {
    const draw = drawsFor(seed);
    return () => sumOfCounts(seen, n, draw);
  }
  const all = new Float64Array(n);
  let end = 0;
  for (const [difference, count] of seen) {
    all.fill(difference, end, end + count);
    end += count;
  }
  return resampledSums(seed, all);
};

/** A difference and its count. */
type Counted = readonly [difference: number, count: number];

/**
 * The sum of n differences drawn with replacement. The count of each difference is binomial, given the counts before
 * it.
 */
export const sumOfCounts = (seen: readonly Counted[], n: number, draw: Draw): number => {
  let [sum, undrawn, others] = [0, n, n];
  for (const [difference, count] of seen) {
    const drawn = randomBinomial.source(draw)(undrawn, count / others)();
    sum += drawn * difference;
    undrawn -= drawn;
    others -= count;
  }
  return sum;
};

/** The acceleration of the mean: a sixth of its skewness. */
const accelerationOf = (seen: readonly Counted[], mean: number): number => {
  const moment = (power: number): number =>
    seen.reduce((total, [difference, count]) => total + count * (difference - mean) ** power, 0);
  const squares = moment(2);
  return squares === 0 ? 0 : moment(3) / (6 * squares ** 1.5);
};

/** A bootstrap, to be corrected for bias and skewness. */
interface Bootstrap {
  /** The interval before its correction, as proportions of the resampled sums. */
  readonly middle: Interval;
  /** The resampled sums, in ascending order. */
  readonly sums: readonly number[];
  /** The sum of the sample. */
  readonly sum: number;
  readonly acceleration: number;
}

const corrected = ({ middle, sums, sum, acceleration }: Bootstrap): Interval => {
  const below = sums.filter((each) => each < sum).length;
  const upTo = sums.filter((each) => each <= sum).length;
  const half = 0.5 / sums.length;
  const bias = normalQuantile(Math.min(1 - half, Math.max(half, (below + upTo) / (2 * sums.length))));
  const correctedShare = (share: number): number => {
    const z = bias + normalQuantile(share);
    return (1 + errorFunction((bias + z / (1 - acceleration * z)) / Math.SQRT2)) / 2;
  };
  return { low: correctedShare(middle.low), high: correctedShare(middle.high) };
};
