import { checked, refuse, shown } from '../../options.ts';
import type { Estimate } from './interval.ts';
import { type IntervalOptions, intervalSpecs } from './interval.ts';
import { studentTQuantile } from './student-t-quantile.ts';

/**
 * The mean of values, such as costs or latencies, and where the true mean lies: Student's t interval. `undefined`
 * for fewer than two values, which say nothing about how they vary. Costs no calls.
 *
 * It supposes that the mean of as many values is about normal. So it is for some 30 values and more; with a heavy
 * tail, such as that of latencies, for some hundred. Below that it claims more than it knows.
 *
 * @throws {ConfigError} for values that are no numbers, and for a confidence outside of 0..1.
 *
 * Formula: Student, "The probable error of a mean", Biometrika 6 (1908).
 *
 * @example
 * ```ts
 * import { meanInterval } from 'crucible-ensemble/experiment';
 *
 * const { value, low, high } = meanInterval([420, 380, 510, 460]) ?? {};
 * value; // => 442.5
 * [low?.toFixed(1), high?.toFixed(1)]; // => ['354.0', '531.0']
 * ```
 */
export const meanInterval = (
  values: Iterable<number>,
  options: IntervalOptions = {},
): Estimate | undefined => {
  const { confidence } = checked('meanInterval', options, intervalSpecs);
  const moments = momentsOf();
  for (const value of values) {
    if (!Number.isFinite(value)) {
      refuse([`meanInterval: a value must be a finite number, but got ${shown(value)}`]);
    }
    moments.add(value);
  }
  return moments.estimate(confidence);
};

/** The mean of values that come one by one, and how far it can be trusted; in no memory. */
export const momentsOf = () => {
  let [count, mean, squares] = [0, 0, 0];
  return {
    /** By the method of Welford, Technometrics 4 (1962). */
    add(value: number): void {
      count += 1;
      const before = value - mean;
      mean += before / count;
      squares += before * (value - mean);
    },
    estimate(confidence: number = intervalSpecs.confidence[1]): Estimate | undefined {
      if (count < 2) return undefined;
      const error = Math.sqrt(squares / (count - 1) / count);
      // Values that are all the same leave rounding errors behind, which are no spread.
      const half = error === 0 ? 0 : error * studentTQuantile(confidence, count - 1);
      return { value: mean, low: mean - half, high: mean + half };
    },
  };
};
