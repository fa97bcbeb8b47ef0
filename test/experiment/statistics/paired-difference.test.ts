import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PairedDifferenceOptions,
  pairedDifference,
} from '../../../src/experiment/statistics/paired-difference.ts';
import { drawsFor } from '../../../src/models/random.ts';

/** Scores of two conditions, by how many questions only one of them got right. */
const scores = (n: number, onlyFirst: number, onlySecond: number): (readonly [number, number])[] =>
  Array.from({ length: n }, (_, index) =>
    index < onlyFirst ? [1, 0] : index < onlyFirst + onlySecond ? [0, 1] : [1, 1],
  );

const differences = (values: readonly number[], options?: PairedDifferenceOptions) =>
  pairedDifference(
    values.map((value) => [0, value] as const),
    options,
  ) ?? { value: NaN, low: NaN, high: NaN };

const skewed = [0.2, 0.5, 0.1, 4.2, 0.3, 0.9, 2.5, 0.7, 0.4, 1.1, 0.05, 7.5, 0.6, 0.35, 1.9];

describe('pairedDifference', () => {
  // scipy.stats.bootstrap (SciPy 1.17.1), 999,999 resamples.
  it.each([
    ['bca', 0.7233, 2.97],
    ['percentile', 0.5867, 2.5267],
  ] as const)('is the %s interval of SciPy for skewed values', (method, low, high) => {
    const interval = differences(skewed, { method, resamples: 40_000 });
    expect(Math.abs(interval.low - low)).toBeLessThan(0.02);
    expect(Math.abs(interval.high - high)).toBeLessThan(0.06);
  });

  it.each([
    ['bca', -0.19, -0.04],
    ['percentile', -0.19, -0.03],
  ] as const)('is the %s interval of SciPy for scores', (method, low, high) => {
    const interval = pairedDifference(scores(100, 14, 3), { method, resamples: 20_000 });
    expect(interval?.value).toBeCloseTo(-0.11, 12);
    expect(interval?.low).toBeCloseTo(low, 9);
    expect(interval?.high).toBeCloseTo(high, 9);
  });

  it('is about the normal interval for many pairs', () => {
    const [n, onlyFirst, onlySecond] = [100_000, 3000, 4000];
    const { value, low, high } =
      pairedDifference(scores(n, onlyFirst, onlySecond), { resamples: 20_000 }) ?? {};
    const error = Math.sqrt((onlyFirst + onlySecond) / n - 0.01 ** 2) / Math.sqrt(n);
    expect(value).toBeCloseTo(0.01, 12);
    expect(((low ?? 0) - 0.01) / error).toBeCloseTo(-1.96, 1);
    expect(((high ?? 0) - 0.01) / error).toBeCloseTo(1.96, 1);
  });

  it('has the true difference in it about as often as it says', () => {
    const draw = drawsFor('paired');
    let hits = 0;
    for (let index = 0; index < 1000; index += 1) {
      const pairs = Array.from({ length: 150 }, () => {
        const [shared, own] = [draw(), draw()];
        return [shared < 0.7 ? 1 : 0, shared < 0.7 ? (own < 0.95 ? 1 : 0) : own < 0.35 ? 1 : 0] as const;
      });
      const { low = 0, high = 0 } = pairedDifference(pairs, { resamples: 500, seed: index }) ?? {};
      // 0.7 · 0.95 + 0.3 · 0.35 − 0.7
      if (low <= 0.07 && high >= 0.07) hits += 1;
    }
    expect(hits / 1000).toBeGreaterThan(0.92);
    expect(hits / 1000).toBeLessThan(0.975);
  });

  it('draws the same again for the same seed, and something else for another', () => {
    expect(differences(skewed, { seed: 'a' })).toStrictEqual(differences(skewed, { seed: 'a' }));
    expect(differences(skewed, { seed: 'a' })).not.toStrictEqual(differences(skewed, { seed: 'b' }));
    expect(differences(skewed.toReversed())).toStrictEqual(differences(skewed));
  });

  it('takes no longer for a million questions than it has to', () => {
    const { low = 0, high = 0 } = pairedDifference(scores(1_000_000, 20_000, 21_000)) ?? {};
    expect(low).toBeGreaterThan(0.0005);
    expect(high).toBeLessThan(0.0015);
  });

  it('has the mean in it, within what was seen', () => {
    const score = fc.constantFrom(0, 0.25, 0.5, 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 40 }), (pairs) => {
        const { value, low, high } = pairedDifference(pairs, { resamples: 200 }) ?? {};
        const seen = pairs.map(([first, second]) => second - first);
        expect(low).toBeLessThanOrEqual(value ?? NaN);
        expect(high).toBeGreaterThanOrEqual(value ?? NaN);
        expect(low).toBeGreaterThanOrEqual(Math.min(...seen) - 1e-12);
        expect(high).toBeLessThanOrEqual(Math.max(...seen) + 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it('is a point if all pairs have the same difference, and undefined without pairs', () => {
    expect(
      pairedDifference([
        [1, 3],
        [2, 4],
      ]),
    ).toStrictEqual({ value: 2, low: 2, high: 2 });
    expect(pairedDifference([])).toBeUndefined();
  });

  it('refuses what is no number, and what is no option', () => {
    expect(() => pairedDifference([[1, NaN]])).toThrow('expected two finite numbers, but got 1 and NaN');
    expect(() =>
      pairedDifference([], { resamples: 10, confidence: 2, seed: null as never, method: 'basic' as never }),
    ).toThrow('4 faults');
  });
});
