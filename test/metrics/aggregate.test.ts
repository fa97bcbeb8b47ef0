import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../../src/metrics/aggregate.ts';
import { aggregateStats } from '../../src/metrics/aggregate-stats.ts';
import { statsFold } from '../../src/metrics/stats-fold.ts';
import { marbles } from '../marbles.ts';
import { prediction, someResult } from './predictions.ts';
import { within } from './within.ts';

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

  it.each([-1, 0.6, 1e-9, NaN, '1 %'])('refuses an accuracy of %s', (relativeAccuracy) => {
    expect(() => aggregate({ relativeAccuracy: relativeAccuracy as number })).toThrow(
      'aggregate: option "relativeAccuracy" must be a number from 0.0001 to 0.5, or 0',
    );
    expect(() => statsFold({ relativeAccuracy: relativeAccuracy as number })).toThrow('statsFold: option');
  });
});
