import { describe, expect, it } from 'vitest';
import { aggregateStats } from '../../src/metrics/aggregate-stats.ts';
import { statsFold } from '../../src/metrics/stats-fold.ts';
import { drawsFor, normalDraw } from '../../src/models/random.ts';
import { heapGrowths } from './collected-heap.ts';
import { call, prediction } from './predictions.ts';
import { within } from './within.ts';

/** Latencies as APIs have them: log-normal around a second, with a heavy tail. */
const logNormal = (count: number, seed: number): number[] => {
  const draw = drawsFor(`latencies ${seed}`);
  return Array.from({ length: count }, () => 1000 * Math.exp(normalDraw(draw)));
};

describe('aggregate', () => {
  it.each([1, 2, 3])('is within 1 % of exact quantiles on 100,000 log-normal latencies, seed %i', (seed) => {
    const results = logNormal(100_000, seed).map((latencyMs) =>
      prediction({ calls: [call('a', { latencyMs })], metadata: { latencyMs } }),
    );
    const exact = aggregateStats(results);
    const sketch = statsFold({ relativeAccuracy: 0.01 });
    for (const result of results) sketch.add(result);
    const streamed = sketch.stats();
    for (const share of ['p50', 'p95', 'p99'] as const) {
      within(streamed.latencyMs[share], exact.latencyMs[share], 0.01);
      within(streamed.models[0]?.latencyMs[share], exact.models[0]?.latencyMs[share], 0.01);
    }
    expect(streamed.latencyMs.mean).toBe(exact.latencyMs.mean);
    expect(streamed.latencyMs.max).toBe(exact.latencyMs.max);
  });

  it('takes no more memory for more predictions, unlike the exact statistics', () => {
    const growthsOf = (relativeAccuracy: number): readonly number[] => {
      const fold = statsFold({ relativeAccuracy });
      const draw = drawsFor('latencies');
      const addMany = (count: number): void => {
        for (let index = 0; index < count; index += 1) {
          const latencyMs = 1000 * Math.exp(normalDraw(draw));
          fold.add(prediction({ calls: [call('a', { latencyMs })], metadata: { latencyMs } }));
        }
      };
      addMany(10_000);
      const growths = heapGrowths(3, () => addMany(20_000));
      expect(fold.stats().count).toBe(70_000);
      return growths;
    };
    const total = growthsOf(0).reduce((sum, growth) => sum + growth, 0);
    expect(total).toBeGreaterThan(2 * 60_000 * 8);
    // Two numbers a prediction would be 320,000 bytes a round.
    expect(Math.min(...growthsOf(0.01))).toBeLessThan(50_000);
  });
});
