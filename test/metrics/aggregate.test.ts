import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../../src/metrics/aggregate.ts';
import { aggregateStats } from '../../src/metrics/aggregate-stats.ts';
import { statsFold } from '../../src/metrics/stats-fold.ts';
import { drawsFor, normalDraw } from '../../src/models/random.ts';
import { marbles } from '../marbles.ts';
import { collectedHeap } from './collected-heap.ts';
import { call, prediction, someResult } from './predictions.ts';

/** Latencies as APIs have them: log-normal around a second, with a heavy tail. */
const logNormal = (count: number, seed: number): number[] => {
  const draw = drawsFor(`latencies ${seed}`);
  return Array.from({ length: count }, () => 1000 * Math.exp(normalDraw(draw)));
};

const within = (actual: number | undefined, exact: number | undefined, share: number): void => {
  if (actual === undefined || exact === undefined) expect(actual).toBe(exact);
  else expect(Math.abs(actual - exact)).toBeLessThanOrEqual(exact * (share + 1e-9));
};

describe('aggregate', () => {
  it(
    'emits once, when the stream has completed',
    marbles((m) => {
      const [p, q] = [prediction(), prediction({ metadata: { latencyMs: 30 } })];
      const source = m.hot('  --p--q--|  ', { p, q });
      const subs = '           ^-------!  ';
      const expected = '       --------(s|)';
      m.expect(source.pipe(aggregate({ relativeAccuracy: 0 }))).toBeObservable(expected, {
        s: aggregateStats([p, q]),
      });
      m.expect(source).toHaveSubscriptions(subs);
    }),
  );

  it(
    'fails with its stream, and unsubscribes from it',
    marbles((m) => {
      const failing = m.cold('--p--#', { p: prediction() });
      m.expect(failing.pipe(aggregate())).toBeObservable('-----#');
      const left = m.cold('   --p--p--p', { p: prediction() });
      m.expect(left.pipe(aggregate()), '^---!').toBeObservable('-----');
      m.expect(left).toHaveSubscriptions('^---!');
    }),
  );

  it('counts anew for each subscriber', async () => {
    const stats$ = from([prediction(), prediction()]).pipe(aggregate());
    expect((await lastValueFrom(stats$)).count).toBe(2);
    expect((await lastValueFrom(stats$)).count).toBe(2);
  });

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

  it('is within its accuracy of exact quantiles for any values, and equal in all else', () => {
    const accuracies = fc.constantFrom(0.0001, 0.01, 0.1, 0.5);
    fc.assert(
      fc.property(fc.array(someResult, { maxLength: 30 }), accuracies, (results, relativeAccuracy) => {
        const fold = statsFold({ relativeAccuracy });
        for (const result of results) fold.add(result);
        const [streamed, exact] = [fold.stats(), aggregateStats(results)];
        for (const share of ['p50', 'p95', 'p99'] as const) {
          within(streamed.latencyMs[share], exact.latencyMs[share], relativeAccuracy);
          streamed.models.forEach(({ latencyMs }, index) => {
            within(latencyMs[share], exact.models[index]?.latencyMs[share], relativeAccuracy);
          });
        }
        const { latencyMs: _streamed, models: _models, ...rest } = streamed;
        expect(exact).toMatchObject(rest);
      }),
    );
  });

  it('takes no more memory for more predictions, where the exact statistics do', () => {
    const grownBy = (relativeAccuracy: number): number => {
      const fold = statsFold({ relativeAccuracy });
      const draw = drawsFor('latencies');
      const addMany = (count: number): void => {
        for (let index = 0; index < count; index += 1) {
          const latencyMs = 1000 * Math.exp(normalDraw(draw));
          fold.add(prediction({ calls: [call('a', { latencyMs })], metadata: { latencyMs } }));
        }
      };
      addMany(10_000);
      const before = collectedHeap();
      addMany(60_000);
      const grown = collectedHeap() - before;
      expect(fold.stats().count).toBe(70_000);
      return grown;
    };
    expect(grownBy(0)).toBeGreaterThan(2 * 60_000 * 8);
    expect(grownBy(0.01)).toBeLessThan(100_000);
  }, 20_000);

  it.each([-1, 0.6, 1e-9, NaN, '1 %'])('refuses an accuracy of %s', (relativeAccuracy) => {
    expect(() => aggregate({ relativeAccuracy: relativeAccuracy as number })).toThrow(
      'aggregate: option "relativeAccuracy" must be a number from 0.0001 to 0.5, or 0',
    );
    expect(() => statsFold({ relativeAccuracy: relativeAccuracy as number })).toThrow('statsFold: option');
  });
});
