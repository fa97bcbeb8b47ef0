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
  sizeOf,
  whole,
} from './quantity.ts';
import { absolute, bitsOf, isWhole, MOST_BITS, type Rational, rational, rootOf } from './rational.ts';
import { stop } from './unreadable.ts';

/** The highest degree of a root that is tried exactly. */
const HIGHEST_DEGREE = 64n;

/** A power. An odd root of a negative number is negative, any other power of one is complex. */
export function power(base: Quantity, exponent: Quantity): Quantity {
  const { exact } = exponent;
  if (isZero(base)) {
    if (!isReal(exponent) || exponent.re <= 0) stop('it has zero to the power of zero or less');
    return whole(0);
  }
  if (exact === undefined) return exponential(multiply(exponent, logarithm(base)));
  if (isWhole(exact)) return wholePower(base, exact.over);
  const isNegative = isReal(base) && base.re < 0;
  if (isNegative && exact.under % 2n === 1n) {
    const positive = power(negative(base), exponent);
    return exact.over % 2n === 0n ? positive : negative(positive);
  }
  const root = exactRoot(base, exact.under);
  if (root !== undefined) return wholePower(root, exact.over);
  if (exact.over === 1n && exact.under === 2n) return squareRoot(base);
  return isNegative || !isReal(base)
    ? exponential(multiply(exponent, logarithm(base)))
    : rounded(base, exponent.re);
}

const rounded = (base: Quantity, exponent: number): Quantity => {
  const result = base.re ** exponent;
  return approximate(
    result,
    0,
    Math.abs(result * exponent) * (base.error / Math.abs(base.re)) + Math.abs(result) * Number.EPSILON,
  );
};

function wholePower(base: Quantity, exponent: bigint): Quantity {
  if (exponent < 0n) return divide(whole(1), wholePower(base, -exponent));
  const { exact } = base;
  const bits = exact === undefined ? MOST_BITS + 1 : sizeInBits(exact);
  if (exact !== undefined && (bits === 0 || bits * Number(exponent) <= MOST_BITS)) {
    const result = { over: exact.over ** exponent, under: exact.under ** exponent };
    return exactly(result);
  }
  if (exact !== undefined && isWhole(exact)) return stop('a number is too large');
  if (exponent > BigInt(MOST_BITS)) stop('a power is too high');
  return isReal(base) ? rounded(base, Number(exponent)) : bySquaring(base, Number(exponent));
}

const bySquaring = (base: Quantity, exponent: number): Quantity => {
  let [result, square] = [whole(1), base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
};

const sizeInBits = ({ over, under }: Rational): number =>
  absolute(over) <= 1n && under === 1n ? 0 : Math.max(bitsOf(over), bitsOf(under));

function exactRoot({ exact }: Quantity, degree: bigint): Quantity | undefined {
  if (exact === undefined || exact.over < 0n || degree > HIGHEST_DEGREE) return undefined;
  const over = rootOf(exact.over, Number(degree));
  const under = over === undefined ? undefined : rootOf(exact.under, Number(degree));
  return over === undefined || under === undefined ? undefined : exactly(rational(over, under));
}

/** The root in the right half of the plane. */
function squareRoot(a: Quantity): Quantity {
  const size = sizeOf(a);
  const re = Math.sqrt((size + a.re) / 2);
  const im = Math.sqrt((size - a.re) / 2);
  return approximate(re, a.im < 0 ? -im : im, a.error / (2 * Math.sqrt(size)));
}
