import { checked, reading, shown } from '../../options.ts';
import { type Interval, type IntervalOptions, intervalSpecs } from './interval.ts';
import { normalQuantile } from './normal-quantile.ts';

/**
 * The score interval of Wilson for a proportion: where the true proportion lies after `n` observations, within 0..1.
 * Unlike "± two standard errors", it is not a point if all or none succeeded, and it has about the stated confidence
 * for few observations too. If `n` is 0, it is 0 to 1.
 *
 * @param successes number of successes, 0..n.
 * @param n number of observations, independent of one another.
 *
 * @throws {ConfigError} if `successes` or `n` is invalid, or if the confidence is not between 0 and 1.
 *
 * Formula: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927);
 * compared with others by R. G. Newcombe, Statistics in Medicine 17 (1998), where it is method 3.
 *
 * @example
 * ```ts
 * import { wilsonInterval } from 'crucible-ensemble/experiment';
 *
 * const { low, high } = wilsonInterval(81, 263);
 * [low.toFixed(4), high.toFixed(4)]; // => ['0.2553', '0.3662']
 * wilsonInterval(20, 20).low.toFixed(3); // => '0.839'
 * ```
 */
export const wilsonInterval = (successes: number, n: number, options: IntervalOptions = {}): Interval => {
  return reading('wilsonInterval', () => {
    const isCount = n >= 0 && n < Number.POSITIVE_INFINITY && successes >= 0 && successes <= n;
    const faults = isCount
      ? []
      : [`wilsonInterval: expected 0 to n successes of n, but got ${shown(successes)} of ${shown(n)}`];
    const { confidence } = checked('wilsonInterval', options, intervalSpecs, faults);
    if (n === 0) return { low: 0, high: 1 };
    const z = normalQuantile((1 + confidence) / 2);
    const share = successes / n;
    const scale = 1 + z ** 2 / n;
    const middle = (share + z ** 2 / (2 * n)) / scale;
    const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
    // Exact at both ends, without the rounding error of the formula.
    return {
      low: successes === 0 ? 0 : Math.max(0, middle - half),
      high: successes === n ? 1 : Math.min(1, middle + half),
    };
  });
};
