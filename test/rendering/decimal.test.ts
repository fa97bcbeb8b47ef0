import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimal, formatSignificant } from '../../src/rendering/decimal.ts';

/** Numbers of every size, and those that end in a half. */
const numbers = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc.integer({ min: -2e9, max: 2e9 }).map((units) => units / 1000),
  fc.integer({ min: -200_000, max: 200_000 }).map((halves) => Number(`${halves}5e-4`)),
  fc
    .tuple(fc.integer({ min: -12, max: 16 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([size, part]) => part * 10 ** size),
  fc.constantFrom(0, -0, 0.5, 1.005, 9.995, 999.5, 999_999.95, 1e21, Number.NaN, Number.POSITIVE_INFINITY),
);

const RUNS = { numRuns: 500 };

describe('a decimal number', () => {
  it.each([0, 1, 2, 3])('with %i digits after the point is written as by Intl', (digits) => {
    const intl = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    fc.assert(
      fc.property(numbers, (value) => {
        expect(formatDecimal(value, digits)).toBe(intl.format(value));
      }),
      RUNS,
    );
  });

  it('in USD is written as by Intl', () => {
    const intl = new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency: 'USD',
      minimumFractionDigits: 2,
      maximumFractionDigits: 9,
    });
    fc.assert(
      fc.property(numbers, (value) => {
        expect(formatDecimal(value, 9, 2, '$')).toBe(intl.format(value));
      }),
      RUNS,
    );
  });

  it('of three significant digits is written as by Intl', () => {
    const options = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 };
    fc.assert(
      fc.property(numbers, (value) => {
        expect(formatSignificant(value, 3)).toBe(value.toLocaleString('en-US', options));
      }),
      RUNS,
    );
  });
});
