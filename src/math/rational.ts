/** An exact fraction in lowest terms; its denominator is positive. */
export interface Rational {
  readonly over: bigint;
  readonly under: bigint;
}

/** The size of the largest numerator and denominator that are kept exact, in bits. */
export const MOST_BITS = 4096;

/** The largest value below which every integer is a double. */
const MANTISSA_BITS = 53;

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** Returns the size of an integer in bits, up to three too many. */
export const bitsOf = (value: bigint): number => {
  const double = Math.abs(Number(value));
  return double < Number.MAX_VALUE
    ? Math.ceil(Math.log2(double + 1))
    : absolute(value).toString(16).length * 4;
};

/** The greatest common divisor, not negative. */
export const gcd = (one: bigint, other: bigint): bigint => {
  let [a, b] = [absolute(one), absolute(other)];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
};

/** Returns a fraction in lowest terms. `under` must not be 0. */
export const rational = (over: bigint, under = 1n): Rational => {
  const shared = under < 0n ? -gcd(over, under) : gcd(over, under);
  return { over: over / shared, under: under / shared };
};

export const isWhole = ({ under }: Rational): boolean => under === 1n;

/** Returns the nearest double, also of a fraction of integers that are too large for doubles. */
export const toNumber = ({ over, under }: Rational): number => {
  const [a, b] = [Number(over), Number(under)];
  if (Number.isFinite(a) && Number.isFinite(b)) return a / b;
  const shift = bitsOf(under) - bitsOf(over) + 2 * MANTISSA_BITS;
  return Number((over << BigInt(shift)) / under) * 2 ** -shift;
};

/** Returns the fraction that a decimal number such as `12.5e-3` is; `undefined` if its exponent is too large. */
export const parseDecimal = (text: string): Rational | undefined => {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const scale = Number(exponent) - decimals.length;
  if (Math.abs(scale) > MOST_BITS / 4) return undefined;
  const power = 10n ** BigInt(Math.abs(scale));
  const digits = BigInt(whole + decimals);
  return scale < 0 ? rational(digits, power) : rational(digits * power);
};

/** Rounds down. */
export const floorOf = ({ over, under }: Rational): bigint => {
  const quotient = over / under;
  return over < 0n && quotient * under !== over ? quotient - 1n : quotient;
};

/** Returns the exact root of an integer that is not negative; `undefined` if there is no exact one. */
export const rootOf = (value: bigint, degree: number): bigint | undefined => {
  if (value < 2n) return value;
  const power = BigInt(degree);
  // Newton's method, from above.
  let root = 1n << BigInt(Math.ceil(bitsOf(value) / degree) + 1);
  for (;;) {
    const next = ((power - 1n) * root + value / root ** (power - 1n)) / power;
    if (next >= root) return root ** power === value ? root : undefined;
    root = next;
  }
};
