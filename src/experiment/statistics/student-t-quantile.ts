import { bisect } from 'simple-statistics';
import { normalQuantile } from './normal-quantile.ts';
import { regularizedBeta } from './regularized-beta.ts';

/** From here on, the two distributions agree to 6 digits. */
const NORMAL_FROM = 1_000_000;

/**
 * The quantile of Student's t distribution for a two-sided interval of this confidence: `P(|T| ≤ t) = 1 − I(d / (d +
 * t²); d/2, 1/2)`, inverted by bisection.
 */
export const studentTQuantile = (confidence: number, degreesOfFreedom: number): number => {
  if (degreesOfFreedom >= NORMAL_FROM) return normalQuantile((1 + confidence) / 2);
  const half = degreesOfFreedom / 2;
  const x = bisect((at) => regularizedBeta(at, half, 0.5) - (1 - confidence), 0, 1, 200, 1e-16);
  return Math.sqrt((degreesOfFreedom * (1 - x)) / x);
};
