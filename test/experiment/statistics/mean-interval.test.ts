import fc from 'fast-check';
import { sampleStandardDeviation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../../src/experiment/statistics/mean-interval.ts';
import { studentTQuantile } from '../../../src/experiment/statistics/student-t-quantile.ts';
import { drawsFor, normalDraw } from '../../../src/models/random.ts';

describe('meanInterval', () => {
  it('is the interval of scipy.stats.t (SciPy 1.17.1)', () => {
    const { value, low, high } = meanInterval([420, 380, 510, 460]) ?? {};
    expect(value).toBe(442.5);
    expect(low).toBeCloseTo(354.02360455664876, 9);
    expect(high).toBeCloseTo(530.9763954433512, 9);
  });

  it('has the true mean in it as often as it says, for few normal values', () => {
    const draw = drawsFor('normal values');
    let hits = 0;
    for (let index = 0; index < 4000; index += 1) {
      const { low = 0, high = 0 } = meanInterval(Array.from({ length: 5 }, () => normalDraw(draw))) ?? {};
      if (low <= 0 && high >= 0) hits += 1;
    }
    expect(hits / 4000).toBeGreaterThan(0.95 - 0.0104);
    expect(hits / 4000).toBeLessThan(0.95 + 0.0104);
  });

  it('lies around the mean, by the standard deviation of an independent library', () => {
    const amounts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(amounts, (values) => {
        const { value, low, high } = meanInterval(values) ?? { value: NaN, low: NaN, high: NaN };
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        const error = sampleStandardDeviation(values) / Math.sqrt(values.length);
        expect((high - low) / 2).toBeCloseTo(error * studentTQuantile(0.95, values.length - 1), 3);
      }),
    );
  });

  it('is a point for values that are all the same, and nothing for fewer than two', () => {
    expect(meanInterval([7, 7, 7])).toStrictEqual({ value: 7, low: 7, high: 7 });
    expect(meanInterval([7])).toBeUndefined();
    expect(meanInterval([])).toBeUndefined();
  });

  it('refuses invalid values and options', () => {
    expect(() => meanInterval([1, NaN])).toThrow('a value must be a finite number, but got NaN');
    expect(() => meanInterval([1, 2], { confidence: 1 })).toThrow('a number between 0 and 1, but got 1');
  });
});

describe('studentTQuantile', () => {
  // scipy.stats.t.ppf (SciPy 1.17.1).
  it.each([
    [0.95, 1, 12.706204736174694],
    [0.95, 3, 3.1824463052837078],
    [0.95, 30, 2.0422724563012378],
    [0.99, 9, 3.249835541592126],
    [0.9995, 1, 1273.2392829359044],
    [0.95, 100_000, 1.9599877075346095],
    [0.8, 2, 1.8856180831641272],
    [0.95, 2_000_000, 1.959965],
  ])('of %d and %d degrees of freedom is the one of SciPy', (confidence, degreesOfFreedom, quantile) => {
    expect(Math.abs(studentTQuantile(confidence, degreesOfFreedom) / quantile - 1)).toBeLessThan(1e-6);
  });
});
