import type { Core } from './number-core.ts';

interface Value {
  readonly value?: number;
  readonly why?: string;
}

/** Returns the value of a number with its sign and its power of ten, unless a double cannot hold it. */
export function numberOf({ plain, value: known }: Core, sign: 1 | -1, power: number): Value {
  const value = known === undefined ? Number(scaled(plain ?? '', power)) : known * 10 ** power;
  if (!Number.isFinite(value) || (value === 0 && plain !== undefined && /^[^e]*[1-9]/.test(plain)))
    return { why: 'it is beyond the range of numbers' };
  if (plain !== undefined && isRounded(plain, value, power))
    return { why: 'it is an integer that a double cannot hold exactly' };
  return { value: value === 0 ? 0 : sign * value };
}

/** Written with an exponent, because 0.1 × 1,000,000 is not exact. */
function scaled(plain: string, power: number): string {
  if (power === 0) return plain;
  const [digits, exponent = '0'] = plain.split('e');
  return `${digits}e${Number(exponent) + power}`;
}

const isRounded = (plain: string, value: number, power: number): boolean =>
  power === 0 && plain.length > 15 && /^\d+$/.test(plain) && BigInt(plain) !== BigInt(value);
