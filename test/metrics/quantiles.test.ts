import { DDSketch } from '@datadog/sketches-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactQuantiles, sketchedQuantiles } from '../../src/metrics/quantiles.ts';

const latency = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e9, noNaN: true }));

describe('sketchedQuantiles', () => {
  it('tells of each rank what DDSketch tells', () => {
    const values = fc.array(latency, { minLength: 101, maxLength: 101 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.01, 0.1), (latencies, relativeAccuracy) => {
        const sketch = new DDSketch({ relativeAccuracy });
        const quantiles = sketchedQuantiles(relativeAccuracy);
        for (const value of latencies) {
          sketch.accept(value);
          quantiles.add(value);
        }
        for (const percent of [0, 1, 25, 50, 75, 99, 100]) {
          const expected = sketch.getValueAtQuantile(percent / 100);
          expect(Math.abs((quantiles.at(percent / 100) ?? NaN) - expected)).toBeLessThanOrEqual(
            1e-9 * expected,
          );
        }
      }),
    );
  });

  it('rises with the share, as exact quantiles do', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 });
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1 }), shares, (latencies, asked) => {
        for (const quantiles of [exactQuantiles(), sketchedQuantiles(0.01)]) {
          for (const value of latencies) quantiles.add(value);
          const told = asked.toSorted((a, b) => a - b).map((share) => quantiles.at(share) ?? NaN);
          // Interpolation rounds, so that what is equal may differ in its last digit.
          told.slice(1).forEach((value, index) => {
            expect(value).toBeGreaterThanOrEqual((told[index] ?? NaN) * (1 - 1e-12));
          });
        }
      }),
    );
  });
});
