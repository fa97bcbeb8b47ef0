import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PairedDifferenceOptions,
  pairedDifference,
  sumOfCounts,
} from '../../../src/experiment/statistics/paired-difference.ts';
import { drawsFor, resampledSums } from '../../../src/models/random.ts';

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

  it('keeps the interval of a seed for up to 100 different values', () => {
    const draw = drawsFor('100');
    const pairs = Array.from({ length: 100 }, () => [0, draw() - 0.4] as const);
    expect(pairedDifference(pairs)).toStrictEqual({
      value: 0.10725588427856543,
      low: 0.049490291279876135,
      high: 0.16636473254627027,
    });
  });

  it('is about the normal interval for many different values', () => {
    const draw = drawsFor('different');
    const values = Array.from({ length: 2000 }, draw);
    const options = { resamples: 10_000, method: 'percentile' } as const;
    const { value, low, high } = differences(values, options);
    const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
    const error = Math.sqrt(squares) / values.length;
    // A quantile of 10,000 sums has a standard error of 0.027.
    expect(Math.abs((low - value) / error + 1.96)).toBeLessThan(0.11);
    expect(Math.abs((high - value) / error - 1.96)).toBeLessThan(0.11);
    expect(differences(values.toReversed(), options)).toStrictEqual({ value, low, high });
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

describe('a resampled sum', () => {
  const counted = (values: readonly number[]): (readonly [number, number])[] =>
    [...Map.groupBy(values, (value) => value)].map(([value, same]) => [value, same.length] as const);

  /** How probable each sum of as many draws as there are values is. */
  const exact = (values: readonly number[]): ReadonlyMap<number, number> =>
    values.reduce(
      (sums: ReadonlyMap<number, number>) => {
        const next = new Map<number, number>();
        for (const [sum, share] of sums)
          for (const value of values)
            next.set(sum + value, (next.get(sum + value) ?? 0) + share / values.length);
        return next;
      },
      new Map([[0, 1]]),
    );

  const ways = {
    'by counts': (values: readonly number[], seed: string) => {
      const draw = drawsFor(seed);
      return () => sumOfCounts(counted(values), values.length, draw);
    },
    'one by one': (values: readonly number[], seed: string) => resampledSums(seed, Float64Array.from(values)),
  };

  it('is the sum of the values that the generator draws, to the last digit', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 }),
        (seed, values) => {
          const draw = drawsFor(seed);
          const plainSum = (): number =>
            values.reduce((sum) => sum + (values[Math.floor(draw() * values.length)] ?? NaN), 0);
          const sumOfResample = resampledSums(seed, Float64Array.from(values));
          for (let resample = 0; resample < 5; resample += 1) expect(sumOfResample()).toBe(plainSum());
        },
      ),
    );
  });

  it.each(Object.entries(ways))('has the exact distribution if it is drawn %s', (_, way) => {
    for (const values of [
      [0, 1, 3],
      [-2, 5, 5, 11],
      [1, 2, 4, 8, 16],
    ]) {
      const draws = 20_000;
      const resample = way(values, values.join());
      const seen = Map.groupBy(Array.from({ length: draws }, resample), (sum) => sum);
      const expected = exact(values);
      expect([...expected.keys()]).toEqual(expect.arrayContaining([...seen.keys()]));
      const squares = Array.from(expected, ([sum, share]) => {
        const difference = (seen.get(sum)?.length ?? 0) - draws * share;
        return difference ** 2 / (draws * share);
      });
      // Chi-square: its mean is one less than the number of sums, here with four standard deviations.
      const freedom = expected.size - 1;
      expect(squares.reduce((sum, square) => sum + square, 0)).toBeLessThan(
        freedom + 4 * Math.sqrt(2 * freedom),
      );
    }
  });

  it('has the same distribution in both ways for many different values', () => {
    const draw = drawsFor('many');
    const values = Array.from({ length: 300 }, () => Math.exp(3 * draw()));
    const resamples = 3000;
    const [counts, draws] = Object.values(ways).map((way) => {
      const resample = way(values, 'many');
      return Array.from({ length: resamples }, resample).sort((a, b) => a - b);
    }) as [number[], number[]];
    // Kolmogorov and Smirnov: 1.95 √(2 / n) is exceeded once in a thousand times.
    const shareUpTo = (sums: readonly number[], most: number) =>
      sums.filter((sum) => sum <= most).length / sums.length;
    const distance = Math.max(
      ...counts.map((sum, index) => Math.abs((index + 1) / resamples - shareUpTo(draws, sum))),
    );
    expect(distance).toBeLessThan(1.95 * Math.sqrt(2 / resamples));
  });
});
