import { catchError, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  ConfigError,
  createEnsemble,
  InvalidRequestError,
  type Model,
  ProviderError,
  RateLimitError,
  TimeoutError,
} from '../../src/index.ts';
import { fallback } from '../../src/policies/fallback.ts';
import { type RetryOptions, retry } from '../../src/policies/retry.ts';
import { type RetryLedger, retriesOf, retryBudget } from '../../src/policies/retry-budget.ts';
import { timeout } from '../../src/policies/timeout.ts';
import { marbles } from '../marbles.ts';

const request = toRequest('2 + 2?');
const values = { '4': { text: '4' }, d: { delta: '4' } };
const down = new ProviderError('a', 'down', { isRetryable: true });
const hinted = (retryAfterMs: number) => new RateLimitError('a', 'slow', { isRetryable: true, retryAfterMs });

/** A model whose calls, one after another, go as these do. */
const inTurn = (...calls: readonly Observable<unknown>[]): Model => {
  let made = 0;
  return { id: 'a', call: () => calls[made++] as ReturnType<Model['call']> };
};
const latest: RetryOptions = { baseDelayMs: 4, maxDelayMs: 10, random: () => 1 };

describe('retry', () => {
  it(
    'waits up to twice as long each time, and at most maxDelayMs',
    marbles((m) => {
      const calls = ['-#', '-#', '-#', '-(4|)'].map((diagram) => m.cold(diagram, values, down));
      m.expect(retry({ ...latest, maxAttempts: 4 })(inTurn(...calls)).call(request)).toBeObservable(
        '26ms (4|)',
        values,
      );
      ['^!', '5ms ^!', '14ms ^!', '25ms ^!'].forEach((diagram, index) => {
        m.expect(calls[index] as (typeof calls)[0]).toHaveSubscriptions(diagram);
      });
    }),
  );

  it(
    'fails with the last error as it came when no attempt is left',
    marbles((m) => {
      const calls = ['-#', '-#', '-4'].map((diagram) => m.cold(diagram, values, down));
      m.expect(retry({ ...latest, maxAttempts: 2 })(inTurn(...calls)).call(request)).toBeObservable(
        '6ms #',
        values,
        down,
      );
    }),
  );

  for (const [what, error, expected] of [
    ['waits as long as the provider asks', hinted(9), '11ms (4|)'],
    ['does not wait for a hint past maxDelayMs', hinted(11), '-#'],
    ['takes a hint of NaN for none', hinted(Number.NaN), '6ms (4|)'],
    ['takes a negative hint for none', hinted(-1), '6ms (4|)'],
    ['does not repeat what cannot succeed', new InvalidRequestError('a', 'no'), '-#'],
    ['does not repeat after a bug', new TypeError('bug'), '-#'],
  ] as const) {
    it(
      what,
      marbles((m) => {
        const model = inTurn(m.cold('-#', values, error), m.cold('-(4|)', values));
        m.expect(retry(latest)(model).call(request)).toBeObservable(expected, values, error);
      }),
    );
  }

  it(
    'does not repeat a call that has shown a piece of its answer',
    marbles((m) => {
      const model = inTurn(m.cold('-d#', values, down), m.cold('-4', values));
      m.expect(retry(latest)(model).call(request)).toBeObservable('-d#', values, down);
    }),
  );

  it(
    'sends nothing more once it is unsubscribed during the backoff',
    marbles((m) => {
      const [first, second] = [m.cold('-#', values, down), m.cold('-4', values)];
      m.expect(retry(latest)(inTurn(first, second)).call(request), '^--!').toBeObservable('----');
      m.expect(first).toHaveSubscriptions('^!');
      m.expect(second).toHaveSubscriptions([]);
    }),
  );

  it('leaves no timer once it is unsubscribed during the backoff', () => {
    vi.useFakeTimers();
    const subscription = retry()(inTurn(throwError(() => down)))
      .call(request)
      .subscribe();
    expect(vi.getTimerCount()).toBe(1);
    subscription.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('refuses options out of range', () => {
    expect(() => retry({ maxAttempts: 0, maxDelayMs: 2 ** 31 })).toThrow(ConfigError);
    expect(() => retryBudget({ ratio: 2 })).toThrow(ConfigError);
  });

  it.each([
    ['100 calls a second', 10, 1],
    ['5 calls a second', 200, 1],
    ['1,000 calls at once, every 200 s', 200_000, 1000],
  ])('keeps 10,000 calls within 1.2 times as many in a total outage, at %s', (_, gapMs, atOnce) => {
    vi.useFakeTimers();
    let sent = 0;
    const dead: Model = {
      id: 'a',
      call: () => {
        sent += 1;
        return throwError(() => down);
      },
    };
    const policy = retry({ budget: retryBudget() })(dead);
    let failed = 0;
    for (let call = 0; call < 10_000; call += 1) {
      policy.call(request).subscribe({ error: () => (failed += 1) });
      if (call % atOnce === atOnce - 1) vi.advanceTimersByTime(gapMs);
    }
    vi.runAllTimers();
    vi.useRealTimers();
    console.info(`amplification ${sent / 10_000}`);
    expect(failed).toBe(10_000);
    expect(sent).toBeLessThanOrEqual(12_000);
    if (atOnce === 1) expect(sent).toBeGreaterThan(11_500);
  });

  it('lets a second have the retries of the floor where calls are too few to earn any, and no more', () => {
    vi.useFakeTimers();
    const { earn, spend } = retriesOf(
      retryBudget({ ratio: 0.2, floorPerSecond: 1, maxSaved: 3 }),
    ) as RetryLedger;
    const spent = () => Array.from({ length: 10 }, () => spend()).filter(Boolean).length;
    expect(spent()).toBe(3);
    earn();
    vi.advanceTimersByTime(3000);
    // What there was at the beginning was an advance.
    expect(spent()).toBe(0);
    vi.advanceTimersByTime(2000);
    expect(spent()).toBe(2);
    vi.advanceTimersByTime(3_600_000);
    expect(spent()).toBe(3);
    vi.useRealTimers();
  });
});

describe('the attempts of a call', () => {
  it(
    'are in its outcome, each with its error, latency and cost',
    marbles((m) => {
      const cut = new ProviderError('a', 'cut', { isRetryable: true, costUsd: 0.25 });
      const calls = [
        m.cold('--#', values, cut),
        m.cold('-#', values, hinted(9)),
        m.cold('-(5|)', { '5': { text: '4', costUsd: 0.5 } }),
      ];
      const ensemble = createEnsemble({ models: [retry(latest)(inTurn(...calls))] });
      m.expect(ensemble.predict$('?')).toBeObservable('17ms (p|)', {
        p: expect.objectContaining({
          outcomes: [
            expect.objectContaining({
              status: 'answered',
              latencyMs: 17,
              costUsd: 0.75,
              costSource: 'reported',
              attempts: [
                { model: 'a', error: cut, latencyMs: 2, nextInMs: 4, costUsd: 0.25, costSource: 'reported' },
                {
                  model: 'a',
                  error: hinted(9),
                  latencyMs: 1,
                  nextInMs: 9,
                  costUsd: 0,
                  costSource: 'reported',
                },
              ],
            }),
          ],
        }),
      });
    }),
  );

  it(
    'are over at once if the provider asks to wait past the deadline of the prediction',
    marbles((m) => {
      const calls = [m.cold('-#', values, hinted(7)), m.cold('-4', values)];
      const ensemble = createEnsemble({ models: [retry(latest)(inTurn(...calls))], deadlineMs: 8 });
      const told$ = ensemble
        .predict$('?')
        .pipe(catchError(({ cause, outcomes }) => of([cause, outcomes[0].latencyMs])));
      m.expect(told$).toBeObservable('-(e|)', { e: [hinted(7), 1] });
      m.expect(calls[1] as (typeof calls)[0]).toHaveSubscriptions([]);
    }),
  );

  it(
    'name who was asked in each, also within a retry around a fallback, and are priced by him',
    marbles((m) => {
      const pricing = {
        priceOf: ({ modelId }: Pick<Model, 'modelId'>) =>
          modelId === undefined ? undefined : { usd: Number(modelId) },
        countTokens: () => 1,
      };
      const late = new TimeoutError('x', 1);
      const member = (id: string, modelId: string, ...calls: readonly Observable<unknown>[]): Model => ({
        ...inTurn(...calls),
        id,
        modelId,
      });
      const model = retry(latest)(
        fallback('either', [
          member('x', '1', m.cold('-#', values, late), m.cold('-#', values, late)),
          member('y', '2', m.cold('-#', values, down), m.cold('-(4|)', values)),
        ]),
      );
      m.expect(createEnsemble({ models: [model], pricing }).predict$('?')).toBeObservable('8ms (p|)', {
        p: expect.objectContaining({
          outcomes: [
            expect.objectContaining({
              model: 'either',
              costUsd: 1 + 1 + 2,
              costSource: 'partial',
              attempts: [
                expect.objectContaining({ model: 'x', error: late, latencyMs: 1, nextInMs: 0 }),
                expect.objectContaining({ model: 'y', latencyMs: 1, nextInMs: 4 }),
                expect.objectContaining({ model: 'x', error: late, latencyMs: 1, nextInMs: 0 }),
              ],
            }),
          ],
        }),
      });
    }),
  );

  it('has no more of them where a time limit ends the pause after one', async () => {
    vi.useFakeTimers();
    const error = new ProviderError('a', 'down', { isRetryable: true, costUsd: 0.25 });
    const model = timeout(50)(retry({ baseDelayMs: 100, random: () => 1 })(inTurn(throwError(() => error))));
    const pricing = { priceOf: () => ({ usd: 1 }), countTokens: (text: string) => text.length };
    const ensemble = createEnsemble({ models: [model], pricing });
    const told: (number | undefined)[] = [];
    ensemble.events$.subscribe((event) =>
      told.push(event.type === 'model:start' ? event.attempt : undefined),
    );
    const failed = ensemble.predict('?').catch((failure) => failure);
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect((await failed).outcomes).toMatchObject([
      { error: { name: 'TimeoutError' }, costUsd: 0.25, costSource: 'reported', attempts: [{ error }] },
    ]);
    expect(told.filter((attempt) => attempt !== undefined)).toStrictEqual([1]);
  });
});
