import {
  approximate,
  divide,
  exactly,
  exponential,
  isReal,
  isZero,
  logarithm,
  multiply,
  negative,
  type Quantity,
  whole,
} from './quantity.ts';
import { bitsOf, isWhole, MOST_BITS, rational, rootOf } from './rational.ts';
import { NO_VALUE, stop, TOO_LARGE } from './unreadable.ts';

/** The highest degree of a root that is tried exactly. */
const HIGHEST_DEGREE = 64n;

/** A power. An odd root of a negative number is negative, any other power of one is complex. */
export function power(base: Quantity, exponent: Quantity): Quantity {
  const { exact } = exponent;
  if (isZero(base)) return isReal(exponent) && exponent.re > 0 ? whole(0) : stop(NO_VALUE);
  if (exact !== undefined && isWhole(exact)) return wholePower(base, exact.over);
  if (exact !== undefined && isReal(base)) {
    if (base.re < 0 && exact.under % 2n === 1n) {
      const positive = power(negative(base), exponent);
      return exact.over % 2n === 0n ? positive : negative(positive);
    }
    const root = exactRoot(base, exact.under);
    if (root !== undefined) return wholePower(root, exact.over);
    if (base.re > 0) return rounded(base, exponent.re);
  }
  return byLogarithm(base, exponent);
}

/** A power of a complex number. A negative number is above the cut of the logarithm, however it came about. */
const byLogarithm = (base: Quantity, exponent: Quantity): Quantity =>
  exponential(multiply(exponent, logarithm({ ...base, im: base.im + 0 })));

/** A power of a real number as a double. */
const rounded = (base: Quantity, exponent: number): Quantity => {
  const result = base.re ** exponent;
  if (result === 0 && base.exact !== undefined) stop(TOO_LARGE);
  const error = (base.error * exponent) / base.re;
  return approximate(result, 0, Math.abs(result) * (Math.abs(error) + Number.EPSILON));
};

function wholePower(base: Quantity, exponent: bigint): Quantity {
  if (exponent < 0n) return divide(whole(1), wholePower(base, -exponent));
  const { exact } = base;
  if (exact !== undefined) {
    const { over, under } = exact;
    const bits = over * over === 1n && under === 1n ? 0 : Math.max(bitsOf(over), bitsOf(under));
    if (bits * Number(exponent) <= MOST_BITS)
      return exactly({ over: over ** exponent, under: under ** exponent });
    if (under === 1n) stop(TOO_LARGE);
  }
  return isReal(base) ? rounded(base, Number(exponent)) : byLogarithm(base, whole(exponent));
}

function exactRoot({ exact }: Quantity, degree: bigint): Quantity | undefined {
  if (exact === undefined || exact.over < 0n || degree > HIGHEST_DEGREE) return undefined;
  const over = rootOf(exact.over, Number(degree));
  const under = rootOf(exact.under, Number(degree));
  return over === undefined || under === undefined ? undefined : exactly(rational(over, under));
}
