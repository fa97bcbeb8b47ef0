import { checked, reading, refuse, shown } from '../../options.ts';
import { type Estimate, type IntervalOptions, intervalSpecs } from './interval.ts';
import { studentTQuantile } from './student-t-quantile.ts';

/**
 * The mean of values, such as costs or latencies, with Student's t interval. `undefined` for fewer than two values, which
 * have no measurable spread. Makes no calls.
 *
 * Assumes that the mean is approximately normal. This holds for about 30 values or more; for about a hundred if the
 * distribution has a heavy tail, as latencies do. With fewer values the interval is too narrow.
 *
 * @throws {ConfigError} if a value is not finite, or if the confidence is not between 0 and 1.
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
  return reading('meanInterval', () => {
    const { confidence } = checked('meanInterval', options, intervalSpecs);
    const moments = momentsOf();
    for (const value of values) {
      if (!Number.isFinite(value)) {
        refuse([`meanInterval: a value must be a finite number, but got ${shown(value)}`]);
      }
      moments.add(value);
    }
    return moments.estimate(confidence);
  });
};

/** Collects the mean and variance of values one by one, in constant memory. */
export const momentsOf = () => {
  let [count, mean, squares] = [0, 0, 0];
  return {
    /** Adds a value by the method of Welford, Technometrics 4 (1962). */
    add(value: number): void {
      count += 1;
      const before = value - mean;
      mean += before / count;
      squares += before * (value - mean);
    },
    estimate(confidence: number = intervalSpecs.confidence[1]): Estimate | undefined {
      if (count < 2) return undefined;
      const error = Math.sqrt(squares / (count - 1) / count);
      // Equal values leave a rounding error, which is not a spread.
      const half = error === 0 ? 0 : error * studentTQuantile(confidence, count - 1);
      return { value: mean, low: mean - half, high: mean + half };
    },
  };
};
