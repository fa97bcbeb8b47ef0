import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../../src/experiment/statistics/holm.ts';
import { mcnemar } from '../../../src/experiment/statistics/mcnemar.ts';

describe('mcnemar', () => {
  // Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13:91 (2013), tables 1 and 2 with their p-values.
  it.each([
    [1, 7, 0.0703, 0.0391],
    [6, 16, 0.0525, 0.0347],
  ])('is the one that Fagerland et al. published for %i against %i', (onlyFirst, onlySecond, exact, midP) => {
    expect(mcnemar(onlyFirst, onlySecond)).toBeCloseTo(exact, 4);
    expect(mcnemar(onlyFirst, onlySecond, { isMidP: true })).toBeCloseTo(midP, 4);
  });

  // scipy.stats.binomtest(b, b + c, 0.5).pvalue (SciPy 1.17.1).
  it.each([
    [6, 16, 0.052478790283203125],
    [0, 12, 0.00048828125],
    [1200, 1100, 0.03896685268382023],
    [501_000, 499_000, 0.0456082998653896],
  ])('is the binomial test of SciPy for %i against %i', (onlyFirst, onlySecond, p) => {
    expect(Math.abs(mcnemar(onlyFirst, onlySecond) / p - 1)).toBeLessThan(1e-7);
  });

  it('is 1 if the two never differ, or differ equally often', () => {
    expect([mcnemar(0, 0), mcnemar(1, 1), mcnemar(500_000, 500_000)]).toStrictEqual([1, 1, 1]);
    expect(mcnemar(0, 0, { isMidP: true })).toBe(1);
    expect(mcnemar(1, 1, { isMidP: true })).toBeCloseTo(1 - 0.5 / 2, 12);
  });

  it('is small and not NaN if a million questions all favour one condition', () => {
    expect(mcnemar(0, 1_000_000)).toBe(0);
    expect(mcnemar(0, 1000)).toBeGreaterThan(0);
  });

  it('adds up the outcomes that are as extreme, is symmetric, and no smaller than its mid-p version', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), (first, second) => {
        const all = first + second;
        const extreme = Math.abs(first - second);
        let p = 0;
        let term = 0.5 ** all;
        for (let heads = 0; heads <= all; heads += 1) {
          if (Math.abs(2 * heads - all) >= extreme) p += term;
          term *= (all - heads) / (heads + 1);
        }
        expect(mcnemar(first, second)).toBeCloseTo(Math.min(1, p), 9);
        expect(mcnemar(second, first)).toBe(mcnemar(first, second));
        const midP = mcnemar(first, second, { isMidP: true });
        expect(midP).toBeGreaterThanOrEqual(0);
        expect(midP).toBeLessThanOrEqual(mcnemar(first, second));
      }),
    );
  });

  it('refuses what is no count', () => {
    expect(() => mcnemar(-1, 2.5)).toThrow('2 faults');
    expect(() => mcnemar(1, 2, { isMidP: 1 as never })).toThrow('isMidP');
  });
});

describe('holm', () => {
  it('gives the adjusted p-values of R: p.adjust(p, "holm")', () => {
    const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));
    expect(holm([0.01, 0.02, 0.03, 0.04, 0.05])).toStrictEqual(close([0.05, 0.08, 0.09, 0.09, 0.09]));
    expect(holm([0.01, 0.04, 0.03, 0.005])).toStrictEqual(close([0.03, 0.06, 0.06, 0.02]));
    expect(holm([0.5, 0.9, 0.6])).toStrictEqual([1, 1, 1]);
  });

  it('rejects step by step what the procedure of Holm (1979) rejects', () => {
    const level = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { maxLength: 12 }), level, (pValues, alpha) => {
        const rejected = new Set<number>();
        const ordered = pValues
          .map((_, index) => index)
          .sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
        for (const [before, index] of ordered.entries()) {
          if ((pValues[index] ?? 0) * (pValues.length - before) > alpha) break;
          rejected.add(index);
        }
        expect(holm(pValues).flatMap((adjusted, index) => (adjusted <= alpha ? [index] : []))).toStrictEqual(
          [...rejected].sort((a, b) => a - b),
        );
      }),
    );
  });

  it('is never less than the p-value, at most 1, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (pValues) => {
        const adjusted = holm(pValues);
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, other] of pValues.entries()) {
            if (p < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
          }
        }
      }),
    );
  });

  it('refuses what is no p-value', () => {
    expect(() => holm([0.5, 5, NaN])).toThrow('2 faults');
  });
});
