import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/experiment/statistics/normal-quantile.ts';
import { wilsonInterval } from '../../../src/experiment/statistics/wilson-interval.ts';

describe('wilsonInterval', () => {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
  // (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('is the one that Newcombe published for %i of %i', (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('has the share in it, lies within 0..1, and mirrors itself for failures', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const successes = Math.round(share * n);
        const { low, high } = wilsonInterval(successes, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        if (n > 0) {
          expect(low).toBeLessThanOrEqual(successes / n);
          expect(high).toBeGreaterThanOrEqual(successes / n);
        }
        const mirrored = wilsonInterval(n - successes, n);
        expect(mirrored.low).toBeCloseTo(1 - high, 12);
        expect(mirrored.high).toBeCloseTo(1 - low, 12);
      }),
    );
  });

  it('has its ends at the values that the score test just rejects', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1e5 }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (n, confidence) => {
          const successes = Math.ceil(n / 3);
          const z = normalQuantile((1 + confidence) / 2);
          for (const end of Object.values(wilsonInterval(successes, n, { confidence }))) {
            const score = Math.abs(successes / n - end) / Math.sqrt((end * (1 - end)) / n);
            expect(score).toBeCloseTo(z, 6);
          }
        },
      ),
    );
  });

  it('is 0 to 1 without observations', () => {
    expect(wilsonInterval(0, 0)).toStrictEqual({ low: 0, high: 1 });
  });

  it.each([
    [3, 2],
    [-1, 2],
    [NaN, 2],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses %d of %d', (successes, n) => {
    expect(() => wilsonInterval(successes, n)).toThrow('expected 0 to n successes of n');
  });

  it('says all that is wrong at once', () => {
    expect(() => wilsonInterval(3, 2, { confidence: 95 })).toThrow('2 faults');
  });
});

describe('normalQuantile', () => {
  // The check values of M. J. Wichura's Algorithm AS 241 (1988).
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798409],
  ])('of %d is the published one', (probability, quantile) => {
    expect(normalQuantile(probability)).toBeCloseTo(quantile, 13);
  });

  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.5, 0],
    [0, Number.NEGATIVE_INFINITY],
    [1, Number.POSITIVE_INFINITY],
  ])('of %d is the one of tables', (probability, quantile) => {
    expect(normalQuantile(probability)).toBeCloseTo(quantile, 13);
  });
});
