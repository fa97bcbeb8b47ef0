import fc from 'fast-check';
import { asyncScheduler, mergeMap, of } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { QueueFullError } from '../../src/errors.ts';
import { rateLimit } from '../../src/policies/rate-limit.ts';
import { toRequest } from '../../src/query.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';

const request = toRequest('?');

describe('rateLimit', () => {
  it(
    'spaces the calls of all its models, in order, and never makes one that is cancelled while it waits',
    marbles((m) => {
      const limited = rateLimit({ requestsPerMinute: 20_000 });
      const a = m.cold('-4|', responses);
      const b = m.cold('-5|', responses);
      const c = m.cold('-6|', responses);
      m.expect(limited(scripted('a', a)).call(request)).toBeObservable('-4|', responses);
      m.expect(limited(scripted('b', b)).call(request), '^-!').toBeObservable('---');
      m.expect(limited(scripted('c', c)).call(request)).toBeObservable('----6|', responses);
      m.expect(a).toHaveSubscriptions('^-!');
      m.expect(b).toHaveSubscriptions([]);
      m.expect(c).toHaveSubscriptions('---^-!');
    }),
  );

  it(
    'delays the next call by what the last one used above its estimate',
    marbles((m) => {
      const limited = rateLimit({ tokensPerMinute: 60_000, countTokens: () => 2 });
      const a = m.cold('-(u|)', { u: { text: '4', usage: { inputTokens: 3, outputTokens: 4 } } });
      const b = m.cold('-5|  ', responses);
      limited(scripted('a', a)).call(request).subscribe();
      m.expect(limited(scripted('b', b)).call(request)).toBeObservable('--------5|', responses);
      m.expect(b).toHaveSubscriptions('-------^-!');
    }),
  );

  it(
    'turns a call away at once when the line is full',
    marbles((m) => {
      const limited = rateLimit({ requestsPerMinute: 20_000, maxQueued: 0 });
      const a = m.cold('-4|', responses);
      m.expect(limited(scripted('a', a)).call(request)).toBeObservable('-4|', responses);
      const refused$ = limited(scripted('b', a)).call(request);
      m.expect(refused$).toBeObservable('#', {}, new QueueFullError('b', 0));
      m.expect(a).toHaveSubscriptions('^-!');
    }),
  );

  it('never starts more calls in any sliding minute than the rate, over 10,000 calls with pauses', () => {
    const rates = fc
      .integer({ min: 50, max: 5000 })
      .chain((rate) => fc.tuple(fc.constant(rate), fc.integer({ min: 1, max: Math.min(rate, 40) })));
    const pausesMs = fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rates, pausesMs, ([requestsPerMinute, burst], pauses) => {
        const startsMs: number[] = [];
        marbles((m) => {
          const model = rateLimit({ requestsPerMinute, burst })({
            id: 'a',
            call: () => {
              startsMs.push(asyncScheduler.now());
              return of({ text: '4' });
            },
          });
          const calls = Math.ceil(10_000 / pauses.length);
          for (const pause of pauses) {
            asyncScheduler.schedule(() => {
              of(...Array(calls).keys())
                .pipe(mergeMap(() => model.call(request)))
                .subscribe();
            }, pause);
          }
          m.flush();
        })();
        expect(startsMs.length).toBeGreaterThanOrEqual(10_000);
        const tooSoon = startsMs.filter(
          (startMs, index) => startMs - (startsMs[index - requestsPerMinute] ?? -Infinity) < 60_000,
        );
        expect(tooSoon).toStrictEqual([]);
      }),
      { numRuns: 8 },
    );
  }, 30_000);

  it('has one timer while calls wait, and none once they are cancelled', () => {
    vi.useFakeTimers();
    try {
      const model = rateLimit({ requestsPerMinute: 1 })({ id: 'a', call: () => of({ text: '4' }) });
      model.call(request).subscribe();
      expect(vi.getTimerCount()).toBe(0);
      const waiting = Array.from({ length: 100 }, () => model.call(request).subscribe());
      expect(vi.getTimerCount()).toBe(1);
      for (const call of waiting) call.unsubscribe();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses what is no limit', () => {
    expect(() => rateLimit({})).toThrow('must be given');
    expect(() => rateLimit({ requestsPerMinute: 2, burst: 3 })).toThrow('burst');
  });
});
