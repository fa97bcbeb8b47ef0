import { gammaln } from 'simple-statistics';

/** An upper limit: the fraction converges within some `√max(a, b)` steps. */
const MAX_STEPS = 1_000_000;
/** Replaces 0 as a divisor. */
const TINY = 1e-300;

/**
 * The regularized incomplete beta function, 0..1: the tail of the binomial distribution, `P(X ≥ k of n) = I(p; k, n − k
 * + 1)`, and with it that of Student's t. For a, b above 0 and x within 0..1; good to about 10 digits for a + b of a
 * million.
 *
 * Formula: the continued fraction of NIST's Digital Library of Mathematical Functions, 8.17.22, by the method of Lentz
 * as modified by Thompson and Barnett, Journal of Computational Physics 64 (1986).
 */
export const regularizedBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it, the other tail is computed.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(
    gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  let [c, d] = [1, reciprocal(1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let m = 1; m <= MAX_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = reciprocal(1 + even * d);
    c = 1 + even / c || TINY;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = reciprocal(1 + odd * d);
    c = 1 + odd / c || TINY;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return Math.min(1, front * fraction);
};

const reciprocal = (denominator: number): number => 1 / (denominator || TINY);
