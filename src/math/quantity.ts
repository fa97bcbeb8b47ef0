import { bitsOf, MOST_BITS, type Rational, rational, toNumber } from './rational.ts';
import { NO_VALUE, stop, TOO_LARGE } from './unreadable.ts';

/** The value of an expression: a complex number of doubles, how far off it may be, and the exact fraction if it is known. */
export interface Quantity {
  readonly re: number;
  readonly im: number;
  /** A bound of the absolute rounding error, as it adds up over the operations. */
  readonly error: number;
  readonly exact?: Rational;
}

/** The relative rounding error of an operation on doubles. */
const EPSILON = Number.EPSILON;

/** By how much the bound of the error is widened. */
export const SLACK = 8;

/**
 * A value that was computed: its error is what is passed on, and that of its own rounding. An imaginary part within the error is
 * dropped; the sign of its zero tells the sides of a cut of the logarithm apart.
 */
export const approximate = (re: number, im = 0, passedOn = 0): Quantity => {
  const error = passedOn + EPSILON * Math.hypot(re, im);
  return { re, im: Math.abs(im) > SLACK * error ? im : im * 0, error };
};

/** An exact value. One that is too large for exact arithmetic becomes a double, and ends the reading if that is infinite. */
export const exactly = (value: Rational): Quantity => {
  const re = toNumber(value);
  if (!Number.isFinite(re) && bitsOf(value.over) > MOST_BITS) stop(TOO_LARGE);
  const isKept = Math.max(bitsOf(value.over), bitsOf(value.under)) <= MOST_BITS;
  return isKept ? { re, im: 0, error: EPSILON * Math.abs(re), exact: value } : approximate(re);
};

export const whole = (value: number | bigint): Quantity => exactly(rational(BigInt(value)));

export const isReal = ({ im }: Quantity): boolean => im === 0;

export const sizeOf = ({ re, im }: Quantity): number => Math.hypot(re, im);

/** Whether a value is 0, or may be within its rounding error. */
export const isZero = (value: Quantity): boolean =>
  value.exact === undefined ? sizeOf(value) <= SLACK * value.error : value.exact.over === 0n;

export const add = (a: Quantity, b: Quantity): Quantity =>
  a.exact && b.exact
    ? exactly(
        rational(a.exact.over * b.exact.under + b.exact.over * a.exact.under, a.exact.under * b.exact.under),
      )
    : approximate(a.re + b.re, a.im + b.im, a.error + b.error);

export const negative = ({ re, im, error, exact }: Quantity): Quantity => ({
  re: 0 - re,
  im: 0 - im,
  error,
  ...(exact && { exact: { over: -exact.over, under: exact.under } }),
});

export const multiply = (a: Quantity, b: Quantity): Quantity =>
  a.exact && b.exact
    ? exactly(rational(a.exact.over * b.exact.over, a.exact.under * b.exact.under))
    : approximate(
        a.re * b.re - a.im * b.im,
        a.re * b.im + a.im * b.re,
        a.error * sizeOf(b) + b.error * sizeOf(a),
      );

export const divide = (a: Quantity, b: Quantity): Quantity => {
  if (isZero(b)) stop(NO_VALUE);
  if (a.exact && b.exact)
    return exactly(rational(a.exact.over * b.exact.under, a.exact.under * b.exact.over));
  const square = b.re * b.re + b.im * b.im;
  const [re, im] = [(a.re * b.re + a.im * b.im) / square, (a.im * b.re - a.re * b.im) / square];
  return approximate(re, im, (a.error + b.error * Math.hypot(re, im)) / Math.sqrt(square));
};

/** e to a power. */
export const exponential = ({ re, im, error }: Quantity): Quantity => {
  const size = Math.exp(re);
  return approximate(
    size * Math.cos(im),
    size * Math.sin(im),
    size * (error + EPSILON * (Math.abs(re) + Math.abs(im))),
  );
};

/** The natural logarithm, of a negative number too. */
export const logarithm = (a: Quantity): Quantity => {
  if (isZero(a)) stop(NO_VALUE);
  return approximate(Math.log(sizeOf(a)), Math.atan2(a.im, a.re), a.error / sizeOf(a));
};
