import fc from 'fast-check';
import { concat, finalize, map, NEVER, of, Subject, throwError, timer } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createEnsemble,
  type Model,
  type ModelResponse,
  type Pricing,
  ProviderError,
} from '../../src/index.ts';
import { budget, retry, type SpendingCap, spendingCap } from '../../src/policies/policies.ts';
import { answer, ledger, member, pricing, request } from './budget-calls.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('a spending cap', () => {
  it('of $1 is never passed by 1,000 predictions at once, and nearly all of it is used', async () => {
    vi.useFakeTimers();
    const cap = spendingCap({ maxUsd: 1 });
    const perToken: Pricing = {
      priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({
        usd: (inputTokens + 5 * outputTokens) / 1e6,
      }),
      countTokens: (text) => text.length / 4,
    };
    let billedUsd = 0;
    let mostBilledUsd = 0;
    let asked = 0;
    // What a provider does: it writes up to its limit, and bills what it wrote.
    const provider = (id: string): Model => ({
      id,
      call: () => {
        asked += 1;
        const outputTokens = 20 + ((asked * 7919) % 380);
        return timer(1 + ((asked * 104_729) % 900)).pipe(
          map(() => {
            const usage = { inputTokens: 12, outputTokens };
            billedUsd += perToken.priceOf({ id }, usage)?.usd ?? 0;
            mostBilledUsd = Math.max(mostBilledUsd, billedUsd);
            return { text: '4', usage };
          }),
        );
      },
    });
    const policy = budget({ caps: [cap], maxOutputTokens: 400, pricing: perToken });
    const models = ['a', 'b', 'c'].map((id) => policy(provider(id)));
    const ensemble = createEnsemble({ models, timeoutMs: Number.POSITIVE_INFINITY, pricing: perToken });
    const settled = Promise.allSettled(
      Array.from({ length: 1000 }, () => ensemble.predict('What is 2 + 2?')),
    );
    await vi.runAllTimersAsync();
    const results = await settled;
    console.info(`billed $${billedUsd.toFixed(4)} of $1 in ${asked} of 3000 calls`);
    expect(mostBilledUsd).toBeLessThanOrEqual(1);
    expect(billedUsd).toBeGreaterThan(0.95);
    expect(cap.spentUsd()).toBeCloseTo(billedUsd, 5);
    expect(cap.reservedUsd()).toBe(0);
    expect(asked).toBeLessThan(3000);
    const costs = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value.metadata.costUsd] : [],
    );
    expect(costs.length).toBeGreaterThan(0);
    for (const result of results.filter(({ status }) => status === 'rejected')) {
      expect(JSON.stringify(result)).toMatch(/AllModelsFailedError|InsufficientResponsesError/);
    }
  });

  it('serves 10,000 waiting calls of a synchronous model without overflowing the stack', async () => {
    const cap = spendingCap({ maxUsd: 1000 });
    const policy = budget({ caps: [cap], maxOutputTokens: 1_000_000, pricing });
    const gate = new Subject<ModelResponse>();
    policy(member('first', gate)).call(request).subscribe();
    let answered = 0;
    const model = policy(member('a', of(answer(0))));
    for (let index = 0; index < 10_000; index += 1) model.call(request).subscribe(() => (answered += 1));
    expect(answered).toBe(0);
    gate.next(answer(0));
    await expect.poll(() => answered).toBe(10_000);
  });

  it('is never passed and at the end has nothing reserved, however calls end', async () => {
    const plan = fc.record({
      startMs: fc.nat(30),
      takesMs: fc.nat(20),
      cancelMs: fc.option(fc.nat(25), { nil: undefined }),
      does: fc.constantFrom('answer', 'fail', 'throw', 'end', 'hang'),
      tokens: fc.integer({ min: 0, max: 300 }),
      most: fc.integer({ min: 300, max: 500 }),
      maxAttempts: fc.integer({ min: 1, max: 3 }),
      caps: fc.subarray([0, 1, 2], { minLength: 1 }),
    });
    // No marble run: its scheduler takes immediates and intervals of one frame for each other.
    vi.useFakeTimers();
    await fc
      .assert(
        fc.asyncProperty(fc.array(plan, { maxLength: 25 }), async (plans) => {
          const caps = [1, 1.5, 2].map((maxUsd) => spendingCap({ maxUsd }));
          const check = () => {
            for (const cap of caps) {
              expect(cap.spentUsd() + cap.reservedUsd()).toBeLessThanOrEqual(cap.maxUsd + 1e-9);
            }
          };
          let out = 0;
          for (const { startMs, takesMs, cancelMs, does, tokens, most, maxAttempts, caps: chosen } of plans) {
            const inner: Model = {
              id: 'a',
              call: () => {
                check();
                if (does === 'throw') throw new TypeError('bug');
                const failure = new ProviderError('a', 'cut', { isRetryable: true, costUsd: tokens / 1000 });
                const ends = {
                  answer: of(answer(tokens)),
                  fail: throwError(() => failure),
                  end: of<ModelResponse>(),
                  hang: NEVER,
                };
                out += 1;
                const end$ = ends[does];
                return (
                  takesMs === 0 ? end$ : concat(timer(takesMs).pipe(map(() => ({ delta: 'x' }))), end$)
                ).pipe(
                  finalize(() => {
                    out -= 1;
                  }),
                );
              },
            };
            const policy = budget({
              caps: chosen.map((index) => caps[index] as SpendingCap),
              maxOutputTokens: most,
              pricing,
            });
            const model = retry({ maxAttempts, baseDelayMs: 5, random: () => 0.5 })(policy(inner));
            timer(startMs).subscribe(() => {
              const call = model.call(request).subscribe({ next: check, error: check });
              timer(does === 'hang' ? (cancelMs ?? 40) : (cancelMs ?? 1000)).subscribe(() =>
                call.unsubscribe(),
              );
            });
          }
          await vi.runAllTimersAsync();
          check();
          expect(out).toBe(0);
          expect(caps.map((cap) => [cap.reservedUsd(), ledger(cap).line.isEmpty()])).toStrictEqual(
            caps.map(() => [0, true]),
          );
        }),
        { numRuns: 300 },
      )
      .finally(() => vi.useRealTimers());
  });
});
