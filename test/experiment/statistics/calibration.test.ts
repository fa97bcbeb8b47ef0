import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../../../src/experiment/statistics/calibrate.ts';
import { calibrationOf } from '../../../src/experiment/statistics/calibration-of.ts';
import type { ConfidencePair } from '../../../src/experiment/statistics/confidence-group.ts';
import { fitCalibration } from '../../../src/experiment/statistics/fit-calibration.ts';
import { isotonicBlocks } from '../../../src/experiment/statistics/isotonic-blocks.ts';
import { drawsFor } from '../../../src/models/random.ts';

const pairs = (confidence: number, right: number, count: number): ConfidencePair[] =>
  Array.from({ length: count }, (_, index) => ({ confidence, isRight: index < right }));

const share = fc.double({ min: 0, max: 1, noNaN: true });
const somePairs = fc.array(fc.record({ confidence: share, isRight: fc.boolean() }), { maxLength: 60 });
const method = fc.constantFrom('isotonic' as const, 'platt' as const, 'temperature' as const);

/** Answers whose confidence is too extreme by a factor of 2.5 in log-odds: 0.9 is right in 71 of 100 cases. */
const boastful = (count: number, seed: string): ConfidencePair[] => {
  const draw = drawsFor(seed);
  return Array.from({ length: count }, () => {
    const confidence = 0.5 + 0.49 * draw();
    return { confidence, isRight: draw() < 1 / (1 + (1 / confidence - 1) ** 0.4) };
  });
};

describe('calibrationOf', () => {
  it('is what its definition gives by hand', () => {
    // Guo et al. (2017), equation 3: (10/20) |0.95 - 0.8| + (5/20) |0.72 - 0.6| + (5/20) |0.3 - 0.4|.
    const { ece, accuracy, meanConfidence, brier, bins, count } = calibrationOf([
      ...pairs(0.95, 8, 10),
      ...pairs(0.72, 3, 5),
      ...pairs(0.3, 2, 5),
    ]);
    expect(count).toBe(20);
    expect(ece).toBeCloseTo(0.075 + 0.03 + 0.025, 12);
    expect(accuracy).toBe(13 / 20);
    expect(meanConfidence).toBeCloseTo((9.5 + 3.6 + 1.5) / 20, 12);
    expect(brier).toBeCloseTo(
      (8 * 0.05 ** 2 + 2 * 0.95 ** 2 + 3 * 0.28 ** 2 + 2 * 0.72 ** 2 + 2 * 0.7 ** 2 + 3 * 0.3 ** 2) / 20,
      12,
    );
    expect(bins.map((bin) => [bin.low, bin.high, bin.count, bin.accuracy])).toStrictEqual([
      [0.3, 0.3, 5, 0.4],
      [0.72, 0.72, 5, 0.6],
      [0.95, 0.95, 10, 0.8],
    ]);
  });

  it('has bins that are open below and closed above, but for the first', () => {
    const { bins } = calibrationOf([0, 0.1, 0.100001, 0.2, 0.3, 1].flatMap((c) => pairs(c, 1, 1)));
    expect(bins.map(({ low, high }) => [low, high])).toStrictEqual([
      [0, 0.1],
      [0.100001, 0.2],
      [0.3, 0.3],
      [1, 1],
    ]);
  });

  it('keeps an answer in its bin that arithmetic moves a hair beyond it', () => {
    // 0.28 * 25 is 7.000000000000001.
    const { bins } = calibrationOf([...pairs(0.28, 1, 1), ...pairs(0.27, 1, 1)], { bins: 25 });
    expect(bins.map(({ count }) => count)).toStrictEqual([2]);
  });

  it('has bins of equal mass that do not part answers of one confidence', () => {
    const given = [...pairs(0.9, 4, 4), ...pairs(0.95, 1, 1), ...pairs(0.99, 1, 1), ...pairs(1, 2, 2)];
    const { bins } = calibrationOf(given, { binning: 'equal-mass', bins: 2 });
    expect(bins.map(({ low, high, count }) => [low, high, count])).toStrictEqual([
      [0.9, 0.9, 4],
      [0.95, 1, 4],
    ]);
  });

  it('says how large the error of a perfect confidence is in as small a sample', () => {
    const draw = drawsFor('calibrated');
    const repetitions = 2000;
    let [total, expected] = [0, 0];
    for (let index = 0; index < repetitions; index += 1) {
      const sampled = Array.from({ length: 200 }, () => {
        const confidence = 0.5 + 0.5 * draw();
        return { confidence, isRight: draw() < confidence };
      });
      const { ece = 0, eceByChance = 0 } = calibrationOf(sampled);
      total += ece;
      expected += eceByChance;
    }
    expect(total / repetitions).toBeGreaterThan(0.04);
    expect(expected / total).toBeGreaterThan(0.95);
    expect(expected / total).toBeLessThan(1.05);
  });

  it('is nothing without answers', () => {
    expect(calibrationOf([])).toStrictEqual({
      count: 0,
      accuracy: undefined,
      meanConfidence: undefined,
      ece: undefined,
      eceByChance: undefined,
      brier: undefined,
      bins: [],
    });
  });

  it('keeps all its shares within 0..1, in any order of the answers', () => {
    const binning = fc.constantFrom('equal-width' as const, 'equal-mass' as const);
    fc.assert(
      fc.property(somePairs, binning, fc.integer({ min: 1, max: 20 }), (given, how, most) => {
        const {
          ece = 0,
          eceByChance = 0,
          brier = 0,
          bins,
          count,
        } = calibrationOf(given, {
          binning: how,
          bins: most,
        });
        for (const value of [ece, eceByChance, brier]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(bins.length).toBeLessThanOrEqual(most);
        expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(count);
        for (const bin of bins) {
          expect(bin.meanConfidence).toBeGreaterThanOrEqual(bin.low - 1e-12);
          expect(bin.meanConfidence).toBeLessThanOrEqual(bin.high + 1e-12);
          expect(bin.interval.low).toBeLessThanOrEqual(bin.accuracy);
          expect(bin.interval.high).toBeGreaterThanOrEqual(bin.accuracy);
        }
        expect(calibrationOf(given.toReversed(), { binning: how, bins: most })).toStrictEqual(
          calibrationOf(given, { binning: how, bins: most }),
        );
      }),
    );
  });

  it('refuses invalid confidences and options', () => {
    expect(() => calibrationOf([{ confidence: 95, isRight: true }])).toThrow(
      'calibrationOf: a confidence must be a number from 0 to 1, but got 95',
    );
    expect(() => calibrationOf([], { bins: 0, binning: 'quantile' as never })).toThrow('2 faults');
  });
});

describe('isotonicBlocks', () => {
  const fitted = (items: Parameters<typeof isotonicBlocks>[0]): number[] =>
    isotonicBlocks(items).flatMap(({ length, mean }) => Array<number>(length).fill(mean));

  it('is the regression of scipy.optimize.isotonic_regression (SciPy 1.17.1)', () => {
    const means = [1, 3, 2, 4, 3, 5, 9, 8, 2, 10];
    const weights = [1, 2, 1, 3, 1, 1, 2, 1, 4, 1];
    const expected = [1, 8 / 3, 8 / 3, 3.75, 3.75, 4.875, 4.875, 4.875, 4.875, 10];
    const given = means.map((mean, index) => ({ mean, weight: weights[index] ?? 1 }));
    fitted(given).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? 0, 12);
    });
  });

  it('has the least squares of all rising fits that pool neighbours, found by trying each', () => {
    const item = fc.record({ mean: fc.integer({ min: 0, max: 9 }), weight: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 8 }), (items) => {
        const lossOf = (fit: readonly number[]): number =>
          items.reduce((sum, { mean, weight }, index) => sum + weight * (mean - (fit[index] ?? 0)) ** 2, 0);
        let least = Number.POSITIVE_INFINITY;
        // Each way to cut the items into runs, as the bits of a number.
        for (let cuts = 0; cuts < 2 ** (items.length - 1); cuts += 1) {
          const runs: (typeof items)[] = [[]];
          items.forEach((given, index) => {
            runs.at(-1)?.push(given);
            if (cuts & (1 << index) && index < items.length - 1) runs.push([]);
          });
          const fit = runs.flatMap((run) => {
            const weight = run.reduce((sum, given) => sum + given.weight, 0);
            const mean = run.reduce((sum, given) => sum + given.weight * given.mean, 0) / weight;
            return run.map(() => mean);
          });
          if (fit.every((value, index) => value >= (fit[index - 1] ?? 0)))
            least = Math.min(least, lossOf(fit));
        }
        expect(lossOf(fitted(items))).toBeCloseTo(least, 9);
      }),
    );
  });
});

describe('fitCalibration', () => {
  const sample = [
    ...pairs(0.5, 3, 10),
    ...pairs(0.6, 8, 20),
    ...pairs(0.7, 9, 20),
    ...pairs(0.8, 18, 30),
    ...pairs(0.9, 26, 40),
    ...pairs(0.99, 45, 50),
  ];

  // The same likelihood with the same targets, minimised by scipy.optimize.minimize (SciPy 1.17.1, BFGS).
  it('has the logistic curve that SciPy finds', () => {
    const platt = fitCalibration(sample, { method: 'platt' });
    expect(platt).toMatchObject({ method: 'platt', count: 170 });
    if (platt.method === 'isotonic') throw new Error('unreachable');
    expect(platt.slope).toBeCloseTo(0.60125591, 6);
    expect(platt.intercept).toBeCloseTo(-0.62551926, 6);
    const temperature = fitCalibration(sample, { method: 'temperature' });
    if (temperature.method === 'isotonic') throw new Error('unreachable');
    expect(temperature.slope).toBeCloseTo(0.38581922, 6);
    expect(temperature.intercept).toBe(0);
  });

  it('is plain JSON that comes back as it was', () => {
    for (const each of ['isotonic', 'platt', 'temperature'] as const) {
      const map = fitCalibration(sample, { method: each });
      expect(JSON.parse(JSON.stringify(map))).toStrictEqual(map);
    }
  });

  it.each(['isotonic', 'platt', 'temperature'] as const)(
    'brings the error of boastful answers down on questions it has not seen: %s',
    (each) => {
      const map = fitCalibration(boastful(2000, 'one half'), { method: each });
      const others = boastful(2000, 'other half');
      const before = calibrationOf(others).ece ?? 0;
      const after = calibrationOf(
        others.map(({ confidence, isRight }) => ({ confidence: calibrate(map, confidence) ?? -1, isRight })),
      );
      expect(before).toBeGreaterThan(0.1);
      expect(after.ece).toBeLessThan(0.035);
    },
  );

  it('never says 0 or 1, never turns the order around, and keeps within 0..1', () => {
    fc.assert(
      fc.property(
        somePairs,
        method,
        fc.integer({ min: 1, max: 10 }),
        share,
        share,
        (given, how, least, a, b) => {
          const map = fitCalibration(given, { method: how, leastAnswers: least });
          const [low = -1, high = -1] = [Math.min(a, b), Math.max(a, b)].map((c) => calibrate(map, c));
          expect(low).toBeGreaterThan(0);
          expect(high).toBeLessThan(1);
          expect(high).toBeGreaterThanOrEqual(low - 1e-12);
        },
      ),
    );
  });

  it('rests each level on as many answers as it is told to', () => {
    const few = [...pairs(0.2, 0, 3), ...pairs(0.5, 2, 4), ...pairs(0.9, 3, 3)];
    const levels = (leastAnswers: number): number => {
      const map = fitCalibration(few, { leastAnswers });
      if (map.method !== 'isotonic') throw new Error('unreachable');
      return new Set(map.knots.map(({ calibrated }) => calibrated)).size;
    };
    expect([1, 3, 4, 10, 11].map(levels)).toStrictEqual([3, 3, 1, 1, 1]);
  });

  it('keeps the order if few answers are shrunk towards the others', () => {
    // By itself, the single sure answer would be drawn below the hundred before it.
    const map = fitCalibration([...pairs(0.2, 0, 100), ...pairs(0.8, 95, 100), ...pairs(1, 1, 1)], {
      leastAnswers: 1,
    });
    expect(calibrate(map, 1)).toBeGreaterThanOrEqual(calibrate(map, 0.8) ?? 1);
    expect(calibrate(map, 1)).toBeCloseTo(0.94, 2);
  });

  it('never returns 1, even if a threshold separates all right answers from all wrong ones', () => {
    const map = fitCalibration([...pairs(0.5, 0, 50), ...pairs(0.5001, 50, 50)], { method: 'platt' });
    expect(calibrate(map, 1)).toBe(1 - 1 / 102);
    expect(calibrate(map, 0)).toBe(1 / 102);
  });

  it('does not believe that all is right since a few are', () => {
    const map = fitCalibration(pairs(1, 4, 4), { leastAnswers: 1 });
    expect(calibrate(map, 1)).toBeCloseTo((4 + 2 * (5 / 6)) / 6, 12);
  });

  it.each(['platt', 'temperature'] as const)('takes a confidence that misleads for none: %s', (each) => {
    const map = fitCalibration([...pairs(0.9, 10, 100), ...pairs(0.2, 90, 100)], { method: each });
    expect(map).toMatchObject({ slope: 0 });
    expect(calibrate(map, 0.9)).toBeCloseTo(0.5, 9);
  });

  it.each(['isotonic', 'platt', 'temperature'] as const)('knows nothing without answers: %s', (each) => {
    const map = fitCalibration([], { method: each });
    expect([0, 0.5, 1].map((confidence) => calibrate(map, confidence))).toStrictEqual([0.5, 0.5, 0.5]);
  });

  it.each([undefined, NaN, -0.1, 7])('leaves a confidence of %s unknown', (confidence) => {
    expect(calibrate(fitCalibration(sample), confidence)).toBeUndefined();
  });

  it('refuses what is no option', () => {
    expect(() => fitCalibration([], { method: 'beta' as never, leastAnswers: 0 })).toThrow('2 faults');
  });
});
