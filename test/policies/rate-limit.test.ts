import fc from 'fast-check';
import { asyncScheduler, delay, mergeMap, type Observable, of } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { CircuitOpenError, ProviderError, QueueFullError, RateLimitError } from '../../src/domain/errors.ts';
import type { ModelResponse } from '../../src/domain/model.ts';
import { reportedByProvider } from '../../src/domain/provider-report.ts';
import type { Allowance } from '../../src/domain/rate-limits.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { rateLimit } from '../../src/policies/rate-limit.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';
import { documentedRows } from './documented-rows.ts';

const request = toRequest('?');

type Marbles = Parameters<Parameters<typeof marbles>[0]>[0];

/** A response that says what is left of the requests. */
const saying = (requests: Allowance): ModelResponse => ({
  text: '4',
  ...reportedByProvider({ rateLimits: { requests } }),
});

/** What the page says happens, and a test of each row. */
const rows: Readonly<Record<string, (m: Marbles) => void>> = {
  'the rate allows a call'(m) {
    const limited = rateLimit({ requestsPerMinute: 20_000 });
    const a = m.cold('-4|', responses);
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('-4|', responses);
    m.expect(a).toHaveSubscriptions('^-!');
  },

  'the rate does not allow it yet'(m) {
    const limited = rateLimit({ requestsPerMinute: 20_000 });
    const [a, b, c] = [m.cold('-4|', responses), m.cold('-5|', responses), m.cold('-6|', responses)];
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('-4|', responses);
    m.expect(limited(scripted('b', b)).call(request)).toBeObservable('----5|', responses);
    m.expect(limited(scripted('c', c)).call(request)).toBeObservable('-------6|', responses);
    m.expect(b).toHaveSubscriptions('---^-!');
    m.expect(c).toHaveSubscriptions('------^-!');
  },

  'a response reports its usage'(m) {
    const limited = rateLimit({ tokensPerMinute: 60_000, countTokens: () => 4 });
    const dear = m.cold('-(u|)', { u: { text: '4', usage: { inputTokens: 3, outputTokens: 4 } } });
    const cheap = m.cold('-(u|)', { u: { text: '4', usage: { outputTokens: 1 } } });
    const last = m.cold('-4|', responses);
    limited(scripted('a', dear)).call(request).subscribe();
    limited(scripted('b', cheap)).call(request).subscribe();
    limited(scripted('c', last)).call(request).subscribe();
    m.expect(dear).toHaveSubscriptions('^!');
    m.expect(cheap).toHaveSubscriptions('-------^!');
    m.expect(last).toHaveSubscriptions('--------^-!');
  },

  'a call fails, is cancelled, or reports no usage'(m) {
    const limited = rateLimit({ tokensPerMinute: 60_000, countTokens: () => 4 });
    const failing = m.cold('-#', responses, new Error('down'));
    const silent = m.cold('-4|', responses);
    const cancelled = m.cold('----', responses);
    const last = m.cold('-4|', responses);
    m.expect(limited(scripted('a', failing)).call(request)).toBeObservable('-#', {}, new Error('down'));
    m.expect(limited(scripted('b', silent)).call(request)).toBeObservable('-----4|', responses);
    m.expect(limited(scripted('c', cancelled)).call(request), '^--------!').toBeObservable('----');
    m.expect(limited(scripted('d', last)).call(request)).toBeObservable('-------------4|', responses);
    m.expect(last).toHaveSubscriptions('------------^-!');
  },

  'a waiting call is unsubscribed'(m) {
    const limited = rateLimit({ requestsPerMinute: 20_000 });
    const [a, b, c] = [m.cold('-4|', responses), m.cold('-5|', responses), m.cold('-6|', responses)];
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('-4|', responses);
    m.expect(limited(scripted('b', b)).call(request), '^-!').toBeObservable('---');
    m.expect(limited(scripted('c', c)).call(request)).toBeObservable('----6|', responses);
    m.expect(a).toHaveSubscriptions('^-!');
    m.expect(b).toHaveSubscriptions([]);
    m.expect(c).toHaveSubscriptions('---^-!');
  },

  'the queue is full'(m) {
    const limited = rateLimit({ requestsPerMinute: 20_000, maxQueued: 0 });
    const a = m.cold('-4|', responses);
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('-4|', responses);
    const refused$ = limited(scripted('b', a)).call(request);
    m.expect(refused$).toBeObservable('#', {}, new QueueFullError('b', 0));
    m.expect(a).toHaveSubscriptions('^-!');
  },

  'a response or a refusal reports how much is left'(m) {
    const limited = rateLimit();
    const told = m.cold('-(u|)', { u: saying({ limit: 4, remaining: 2, resetAfterMs: 8 }) });
    const refused = new ProviderError('b', 'down', {
      ...reportedByProvider({ rateLimits: { requests: { remaining: 4, resetAfterMs: 8 } } }),
    });
    const failing = m.cold('-#', responses, refused);
    const last = m.cold('-4|', responses);
    limited(scripted('a', told)).call(request).subscribe();
    m.expect(limited(scripted('b', failing)).call(request), '--^').toBeObservable('-----#', {}, refused);
    m.expect(limited(scripted('c', last)).call(request), '--^').toBeObservable('-------4|', responses);
    m.expect(failing).toHaveSubscriptions('----^!');
    m.expect(last).toHaveSubscriptions('------^-!');
  },

  'it reports that nothing is left'(m) {
    const limited = rateLimit();
    const told = m.cold('-(u|)', { u: saying({ limit: 4, remaining: 0, resetAfterMs: 8 }) });
    const [b, c] = [m.cold('-5|', responses), m.cold('-6|', responses)];
    limited(scripted('a', told)).call(request).subscribe();
    m.expect(limited(scripted('b', b)).call(request), '--^').toBeObservable('----------5|', responses);
    m.expect(limited(scripted('c', c)).call(request), '--^').toBeObservable('------------6|', responses);
    m.expect(b).toHaveSubscriptions('---------^-!');
    m.expect(c).toHaveSubscriptions('-----------^-!');
  },

  'it reports more than the options allow'(m) {
    const limited = rateLimit({ requestsPerMinute: 20_000 });
    const told = m.cold('-(u|)', { u: saying({ limit: 1000, remaining: 999, resetAfterMs: 1 }) });
    const b = m.cold('-5|', responses);
    limited(scripted('a', told)).call(request).subscribe();
    m.expect(limited(scripted('b', b)).call(request)).toBeObservable('----5|', responses);
    m.expect(b).toHaveSubscriptions('---^-!');
  },

  'it comes from a call older than the last one that was used'(m) {
    const limited = rateLimit();
    const older = m.cold('---(u|)', { u: saying({ limit: 4, remaining: 0, resetAfterMs: 20 }) });
    const newer = m.cold('-(u|)  ', { u: saying({ limit: 4, remaining: 2, resetAfterMs: 8 }) });
    const c = m.cold('-6|', responses);
    limited(scripted('a', older)).call(request).subscribe();
    limited(scripted('b', newer)).call(request).subscribe();
    m.expect(limited(scripted('c', c)).call(request), '--^').toBeObservable('-----6|', responses);
    m.expect(c).toHaveSubscriptions('----^-!');
  },

  'a refusal says how long to wait (`retryAfterMs`)'(m) {
    const limited = rateLimit();
    const refusal = new RateLimitError('a', 'slow', { isRetryable: true, retryAfterMs: 6 });
    const refused = m.cold('-#', responses, refusal);
    const rest = ['b', 'c', 'd'].map((id) => ({ id, source: m.cold('-4|', responses) }));
    m.expect(limited(scripted('a', refused)).call(request)).toBeObservable('-#', {}, refusal);
    for (const { id, source } of rest) {
      asyncScheduler.schedule(() => limited(scripted(id, source)).call(request).subscribe(), 2);
    }
    const starts = ['-------^-!', '----------^-!', '------------^-!'];
    rest.forEach(({ source }, index) => {
      m.expect(source).toHaveSubscriptions(starts[index] as string);
    });
  },

  'a refusal does not say how long to wait'(m) {
    const limited = rateLimit();
    const refusal = new RateLimitError('a', 'slow', { isRetryable: true });
    const b = m.cold('-5|', responses);
    limited(scripted('a', m.cold('-#', responses, refusal)))
      .call(request)
      .subscribe({ error: () => {} });
    m.expect(limited(scripted('b', b)).call(request), '--^').toBeObservable('---5|', responses);
  },
};

describe('rateLimit', () => {
  it('is documented row by row', () => {
    expect(documentedRows('rate-limit')).toStrictEqual(Object.keys(rows));
  });

  for (const [what, test] of Object.entries(rows)) it(`knows what to do where ${what}`, marbles(test));

  it(
    'counts what has been started since as spent',
    marbles((m) => {
      const limited = rateLimit();
      // Of the four that are left, three are taken by calls that are out.
      const told = m.cold('-(u|)', { u: saying({ limit: 5, remaining: 4, resetAfterMs: 6 }) });
      const out = m.cold('----------4|', responses);
      const last = m.cold('-5|', responses);
      limited(scripted('a', told)).call(request).subscribe();
      for (const id of ['b', 'c', 'd']) limited(scripted(id, out)).call(request).subscribe();
      m.expect(limited(scripted('e', last)).call(request), '--^').toBeObservable('-------5|', responses);
    }),
  );

  it(
    'spaces calls by the tokens that are left, and by no more than the time until all are there again',
    marbles((m) => {
      const limited = rateLimit({ countTokens: ({ prompt }) => prompt.length });
      const said: ModelResponse = {
        text: '4',
        ...reportedByProvider({ rateLimits: { tokens: { remaining: 10, resetAfterMs: 20 } } }),
      };
      const told = m.cold('-(u|)', { u: said });
      const [b, c] = [m.cold('-5|', responses), m.cold('-6|', responses)];
      limited(scripted('a', told)).call(toRequest('123')).subscribe();
      // Three tokens at 2 ms each; then thirty of them, of which the reset is the end.
      m.expect(limited(scripted('b', b)).call(toRequest('1'.repeat(30))), '--^').toBeObservable(
        '-------5|',
        responses,
      );
      m.expect(limited(scripted('c', c)).call(request), '--^').toBeObservable(
        '---------------------------6|',
        responses,
      );
    }),
  );

  it(
    'starts together what is closer together than timers can tell, and no more than belongs into a millisecond',
    marbles((m) => {
      const limited = rateLimit();
      const told = m.cold('-(u|)', { u: saying({ limit: 100, remaining: 100, resetAfterMs: 25 }) });
      const many = m.cold('----4|', responses);
      limited(scripted('a', told)).call(request).subscribe();
      asyncScheduler.schedule(() => {
        for (let call = 0; call < 10; call += 1) limited(scripted('b', many)).call(request).subscribe();
      }, 2);
      const starts = ['--^----!', '---^----!', '----^----!'];
      m.expect(many).toHaveSubscriptions([0, 0, 0, 0, 1, 1, 1, 1, 2, 2].map((at) => starts[at] as string));
    }),
  );

  it(
    'does not take an open circuit for a refusal',
    marbles((m) => {
      const limited = rateLimit();
      const failing = m.cold('-#', responses, new CircuitOpenError('a', 1000));
      const b = m.cold('-5|', responses);
      limited(scripted('a', failing))
        .call(request)
        .subscribe({ error: () => {} });
      m.expect(limited(scripted('b', b)).call(request), '--^').toBeObservable('---5|', responses);
    }),
  );

  it(
    'is not set free after a pause by the answers to calls that were out before it',
    marbles((m) => {
      const limited = rateLimit();
      const refusal = new RateLimitError('a', 'slow', { isRetryable: true, retryAfterMs: 6 });
      const out = m.cold('--4|', responses);
      const [b, c] = [m.cold('----5|', responses), m.cold('----6|', responses)];
      for (let call = 0; call < 10; call += 1) limited(scripted('out', out)).call(request).subscribe();
      limited(scripted('a', m.cold('-#', responses, refusal)))
        .call(request)
        .subscribe({ error: () => {} });
      m.expect(limited(scripted('b', b)).call(request), '--^').toBeObservable('-----------5|', responses);
      m.expect(limited(scripted('c', c)).call(request), '--^').toBeObservable(
        '----------------6|',
        responses,
      );
      m.expect(b).toHaveSubscriptions('-------^----!');
      m.expect(c).toHaveSubscriptions('------------^----!');
    }),
  );

  it('never starts more calls in any sliding minute than the rate, over 10,000 calls with pauses', () => {
    const rates = fc
      .integer({ min: 50, max: 5000 })
      .chain((rate) => fc.tuple(fc.constant(rate), fc.integer({ min: 1, max: Math.min(rate, 40) })));
    const arrivals = fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rates, arrivals, ([requestsPerMinute, burst], pauses) => {
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

  it('never lets more tokens into any sliding minute than the rate and one call, loses none, and keeps the order', () => {
    // Estimates that are right, too low, and wrong either way.
    const wrong = fc.constantFrom(
      fc.constant(0),
      fc.integer({ min: 500, max: 1000 }),
      fc.integer({ min: -1000, max: 1000 }),
    );
    const calls = fc.tuple(wrong, fc.constantFrom(50, 20_000)).chain(([shortBy, longestMs]) =>
      fc.array(
        fc.record({
          atMs: fc.integer({ min: 0, max: 200_000 }),
          estimate: fc.integer({ min: 1000, max: 2000 }),
          shortBy,
          latencyMs: fc.integer({ min: 0, max: longestMs }),
          isCancelledAfterMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined, freq: 5 }),
        }),
        { minLength: 1, maxLength: 120 },
      ),
    );
    fc.assert(
      fc.property(calls, fc.integer({ min: 1000, max: 20_000 }), (drawn, tokensPerMinute) => {
        const planned = drawn.map((call) => ({ ...call, used: call.estimate + call.shortBy }));
        const inOrder = planned.toSorted((a, b) => a.atMs - b.atMs);
        const starts: { index: number; startMs: number; endMs: number }[] = [];
        const answered = new Set<number>();
        const cancelled = new Set<number>();
        marbles((m) => {
          const countTokens = ({ prompt }: { prompt: string }) => inOrder[Number(prompt)]?.estimate ?? 0;
          const model = rateLimit({ tokensPerMinute, countTokens })({
            id: 'a',
            call: ({ prompt }): Observable<ModelResponse> => {
              const index = Number(prompt);
              const { used = 0, latencyMs = 0 } = inOrder[index] ?? {};
              const startMs = asyncScheduler.now();
              starts.push({ index, startMs, endMs: startMs + latencyMs });
              return of({ text: '4', usage: { outputTokens: used } }).pipe(delay(latencyMs));
            },
          });
          inOrder.forEach(({ atMs, isCancelledAfterMs }, index) => {
            asyncScheduler.schedule(() => {
              const call = model
                .call(toRequest(String(index)))
                .subscribe({ complete: () => answered.add(index) });
              if (isCancelledAfterMs === undefined) return;
              asyncScheduler.schedule(() => {
                if (!call.closed) cancelled.add(index);
                call.unsubscribe();
              }, isCancelledAfterMs);
            }, atMs);
          });
          m.flush();
        })();
        expect(answered.size + cancelled.size).toBe(planned.length);
        const order = starts.map(({ index }) => index);
        expect(order).toStrictEqual(order.toSorted((a, b) => a - b));
        // One that was cancelled stays counted as it was estimated.
        const usedBy = ({ index }: { index: number }) =>
          inOrder[index]?.[answered.has(index) ? 'used' : 'estimate'] ?? 0;
        const wrongBy = (call: { index: number }) =>
          Math.abs(usedBy(call) - (inOrder[call.index]?.estimate ?? 0));
        const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
        starts.forEach((first, from) => {
          const minute = starts.slice(from).filter(({ startMs }) => startMs - first.startMs < 60_000);
          const lastMs = minute.at(-1)?.startMs ?? 0;
          // What a call is settled with is known from its end on.
          const unknown = [
            ...starts.slice(0, from).filter(({ endMs }) => endMs >= first.startMs),
            ...minute.filter(({ endMs }) => endMs >= lastMs),
          ];
          const allowed = tokensPerMinute + sum(unknown.map(wrongBy));
          expect(sum(minute.slice(0, -1).map(usedBy))).toBeLessThanOrEqual(allowed + 1e-6);
        });
      }),
      { numRuns: 60 },
    );
  }, 30_000);

  it('is not refused by a provider whose headers it has seen, whether its limit refills steadily or all at once', () => {
    const scenario = fc.record({
      limit: fc.integer({ min: 2, max: 120 }),
      isWindow: fc.boolean(),
      latencyMs: fc.integer({ min: 1, max: 3000 }),
      arrivalsMs: fc.array(fc.integer({ min: 1, max: 240_000 }), { minLength: 1, maxLength: 200 }),
    });
    fc.assert(
      fc.property(scenario, ({ limit, isWindow, latencyMs, arrivalsMs }) => {
        let refused = 0;
        let answered = 0;
        marbles((m) => {
          const admit = isWindow ? windowOf(limit) : bucketOf(limit);
          const model = rateLimit()({
            id: 'a',
            call: (): Observable<ModelResponse> => {
              const requests = admit(asyncScheduler.now());
              if (requests === undefined) {
                refused += 1;
                return of({ text: 'refused' });
              }
              return of(saying(requests)).pipe(delay(latencyMs));
            },
          });
          const ask = () => model.call(request).subscribe(() => (answered += 1));
          ask();
          for (const atMs of arrivalsMs) asyncScheduler.schedule(ask, latencyMs + atMs);
          m.flush();
        })();
        expect({ refused, answered }).toStrictEqual({ refused: 0, answered: arrivalsMs.length + 1 });
      }),
      { numRuns: 100 },
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

  it.each([
    ['usage', { inputTokens: 1e12, outputTokens: 1 }],
    ['usage', { inputTokens: 1e308, outputTokens: 1e308 }],
    ['usage', { outputTokens: 9e8 }],
    ['usage', { inputTokens: 70_000 }],
    ['estimate', undefined],
  ])('waits a minute after an odd %s, and no longer: %j', (_, usage) => {
    vi.useFakeTimers();
    try {
      let starts = 0;
      const countTokens = ({ sample }: ModelRequest) => (usage === undefined && sample === 0 ? 9e15 : 1);
      const model = rateLimit({ tokensPerMinute: 60_000, countTokens })({
        id: 'a',
        call: () => {
          starts += 1;
          return of({ text: '4', usage: starts === 1 ? usage : { inputTokens: 1 } });
        },
      });
      for (const sample of [0, 1, 2]) model.call({ ...request, sample }).subscribe();
      vi.advanceTimersByTime(59_000);
      expect(starts).toBe(1);
      vi.advanceTimersByTime(1_100);
      expect(starts).toBe(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses what is no limit', () => {
    expect(() => rateLimit({ requestsPerMinute: 0 })).toThrow('requestsPerMinute');
    expect(() => rateLimit({ tokensPerMinute: 2, burst: 2 })).toThrow('burst');
    expect(() => rateLimit({ requestsPerMinute: 2, burst: 3 })).toThrow('burst');
  });
});

/** A limit that refills steadily, by the minute: what is left after a request, or nothing where it is refused. */
const bucketOf = (limit: number): ((nowMs: number) => Allowance | undefined) => {
  let level = limit;
  let lastMs = 0;
  return (nowMs) => {
    level = Math.min(limit, level + ((nowMs - lastMs) * limit) / 60_000);
    lastMs = nowMs;
    if (level < 1) return undefined;
    level -= 1;
    return { limit, remaining: Math.floor(level), resetAfterMs: ((limit - level) * 60_000) / limit };
  };
};

/** A limit of which all is there again at the end of each minute. */
const windowOf = (limit: number): ((nowMs: number) => Allowance | undefined) => {
  const used = new Map<number, number>();
  return (nowMs) => {
    const minute = Math.floor(nowMs / 60_000);
    const before = used.get(minute) ?? 0;
    if (before >= limit) return undefined;
    used.set(minute, before + 1);
    return { limit, remaining: limit - before - 1, resetAfterMs: (minute + 1) * 60_000 - nowMs };
  };
};
