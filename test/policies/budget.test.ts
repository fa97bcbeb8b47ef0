import { concat, delay, NEVER, type Observable, of, throwError } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  AuthenticationError,
  BudgetExceededError,
  ConnectionError,
  createEnsemble,
  InvalidRequestError,
  type Model,
  type ModelRequest,
  type Pricing,
  ProviderError,
  RateLimitError,
  TimeoutError,
  type Usage,
} from '../../src/index.ts';
import { budget, retry, type SpendingCap, spendingCap } from '../../src/policies/policies.ts';
import { marbles } from '../marbles.ts';
import { responses } from '../scripted.ts';
import { answer, ledger, member, pricing, request } from './budget-calls.ts';

const values = { ...responses, '2': answer(200), d: { delta: 'abc' } };
const namesOf = (errors: readonly unknown[]) => errors.map((error) => (error as Error).name);

afterEach(() => {
  vi.useRealTimers();
});

describe('budget', () => {
  it(
    'waits for calls that are out, in turn, and refuses what cannot fit any more',
    marbles((m) => {
      const cap = spendingCap({ maxUsd: 1 });
      const policy = budget({ caps: [cap], maxOutputTokens: 600, pricing });
      const call$ = m.cold('--2|', values);
      const model = policy(member('a', call$));
      const refusal = new BudgetExceededError('a', 'may cost $0.60, but only $0.40 of $1.00 is left', 0.6);
      m.expect(model.call(request)).toBeObservable('--(2|)', values);
      m.expect(model.call(request)).toBeObservable('----(2|)', values);
      m.expect(model.call(request)).toBeObservable('------(2|)', values);
      m.expect(model.call(request)).toBeObservable('------#', values, refusal);
      m.expect(call$).toHaveSubscriptions(['^-!', '--^-!', '----^-!']);
      expect(refusal).toMatchObject({ isRetryable: false, costUsd: 0, worstUsd: 0.6 });
    }),
  );

  it(
    'never makes a call that is unsubscribed while it waits, and lets the next one go',
    marbles((m) => {
      const cap = spendingCap({ maxUsd: 1 });
      const big = budget({ caps: [cap], maxOutputTokens: 900, pricing });
      const small = budget({ caps: [cap], maxOutputTokens: 300, pricing });
      const out = m.cold(' -----2|', values);
      const first = m.cold('-2|', values);
      const next = m.cold(' -2|', values);
      m.expect(small(member('a', out)).call(request)).toBeObservable('   -----(2|)', values);
      m.expect(big(member('b', first)).call(request), '^-!').toBeObservable('---', values);
      m.expect(small(member('c', next)).call(request)).toBeObservable('---(2|)', values);
      m.expect(first).toHaveSubscriptions([]);
      m.expect(next).toHaveSubscriptions('--^!');
    }),
  );

  it(
    'charges a cancelled call with the most, or with what it had written if an estimate is enough',
    marbles((m) => {
      const caps = [1, 1].map((maxUsd) => spendingCap({ maxUsd })) as [SpendingCap, SpendingCap];
      const [most, estimate] = (['most', 'estimate'] as const).map((cancelledCalls, index) =>
        budget({ caps: [caps[index] as SpendingCap], maxOutputTokens: 1000, pricing, cancelledCalls })(
          member('a', m.cold('-d------2|', values)),
        ),
      ) as [Model, Model];
      m.expect(most.call(request), '^--!').toBeObservable('-d--', values);
      m.expect(estimate.call(request), '^--!').toBeObservable('-d--', values);
      m.flush();
      expect(caps.map((cap) => [cap.spentUsd(), cap.reservedUsd()])).toStrictEqual([
        [1, 0],
        [0.003, 0],
      ]);
    }),
  );

  it('settles every end of a call with what it has cost', () => {
    const settled = (call$: Observable<unknown>, more = {}) => {
      const cap = spendingCap({ maxUsd: 1 });
      const model = budget({ caps: [cap], maxOutputTokens: 500, pricing, ...more })(member('a', call$));
      model
        .call(request)
        .subscribe({ error: () => {} })
        .unsubscribe();
      expect(cap.reservedUsd()).toBe(0);
      return cap.spentUsd();
    };
    const stated = new ProviderError('a', 'cut', { costUsd: 0.125 });
    expect(settled(of(answer(100)))).toBe(0.1);
    expect(settled(of({ ...answer(100), costUsd: 0.25 }))).toBe(0.25);
    expect(settled(throwError(() => stated))).toBe(0.125);
    expect(settled(throwError(() => new InvalidRequestError('a', 'no')))).toBe(0);
    // What was sent and broke may be billed up to the limit.
    expect(settled(throwError(() => new Error('socket hang up')))).toBe(0.5);
    expect(
      settled(
        concat(
          of({ delta: 'ab' }),
          throwError(() => new Error('cut')),
        ),
      ),
    ).toBe(0.5);
    expect(settled(of())).toBe(0.5);
    expect(settled(NEVER)).toBe(0.5);
    expect(settled(of({ text: '4' }))).toBe(0.5);
    expect(settled(of({ ...answer(100), costUsd: 0.25, costSource: 'estimated' }))).toBe(0.5);
    expect(settled(of({ ...answer(100), costUsd: 0.75, costSource: 'partial' }))).toBe(0.75);
    expect(settled(of({ text: '4', usage: { inputTokens: 1, outputTokens: 5, reasoningTokens: 9 } }))).toBe(
      0.5,
    );
    expect(settled(of({ text: '4', usage: { inputTokens: 1, outputTokens: -5 } }))).toBe(0.5);
    expect(settled(of({ text: '4', usage: { inputTokens: 1, outputTokens: '5' as never } }))).toBe(0.5);
    const unknown = { ...pricing, priceOf: () => undefined };
    expect(settled(of({ text: '4', costUsd: 0.5 }), { pricing: unknown, onUnknownPrice: 'allow' })).toBe(0.5);
    expect(settled(of(answer(100)), { pricing: unknown, onUnknownPrice: 'allow' })).toBe(0);
    expect(settled(of({ text: '4' }), { pricing: { ...pricing, countTokens: () => Number.NaN } })).toBe(0.5);
    // A call that cost more than was reserved is charged in full.
    expect(settled(of(answer(700)))).toBe(0.7);
  });

  it('charges a call in full that cost more than was reserved, and warns of it', async () => {
    const cap = spendingCap({ maxUsd: 1 });
    const models = [budget({ caps: [cap], maxOutputTokens: 500, pricing })(member('a', of(answer(700))))];
    const { outcomes } = await createEnsemble({ models, pricing }).predict('?');
    expect(cap.spentUsd()).toBe(0.7);
    expect(outcomes).toMatchObject([
      {
        costUsd: 0.7,
        warning:
          'cost $0.70, more than the $0.50 that the budget had reserved: check that the model obeys maxOutputTokens, and the pricing',
      },
    ]);
  });

  it('sets the reserve free when the model throws as it is called', () => {
    const cap = spendingCap({ maxUsd: 1 });
    const bug: Model = {
      id: 'a',
      call: () => {
        throw new TypeError('bug');
      },
    };
    const errors: unknown[] = [];
    budget({ caps: [cap], maxOutputTokens: 1000, pricing })(bug)
      .call(request)
      .subscribe({ error: (error) => errors.push(error) });
    expect(namesOf(errors)).toStrictEqual(['TypeError']);
    expect(cap.reservedUsd()).toBe(0);
  });

  it('makes no call of an unknown price, unless that is allowed', () => {
    const blind: Pricing = {
      ...pricing,
      priceOf: () => {
        throw new Error('no price list');
      },
    };
    const cap = spendingCap({ maxUsd: 1 });
    const errors: unknown[] = [];
    budget({ caps: [cap], maxOutputTokens: 1, pricing: blind })(member('a', NEVER))
      .call(request)
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toStrictEqual([
      new BudgetExceededError('a', 'its price is unknown, because the pricing threw Error'),
    ]);
  });

  it('takes a question for as many tokens as it has bytes, and what frames it', () => {
    const asked: number[] = [];
    const counting: Pricing = {
      ...pricing,
      priceOf: (_, { inputTokens = 0 }) => {
        asked.push(inputTokens);
        return { usd: 0 };
      },
    };
    budget({ perPredictionUsd: 1, maxOutputTokens: 1, pricing: counting })(member('a', NEVER))
      .call(toRequest({ system: 'äß', messages: [{ role: 'user', content: 'a😀' }] }))
      .subscribe();
    expect(asked[0]).toBe(4 + 5 + 2 * 16);
  });

  it.each<readonly [what: string, request: ModelRequest, tokens: number]>([
    ['neither system prompt nor schema', toRequest('four'), 4 + 16],
    ['an answer schema', { ...toRequest('four'), answerSchema: { type: 'number' } }, 4 + 17 + 2 * 16],
    ['an empty system prompt', { ...toRequest('four'), system: '' }, 4 + 2 * 16],
  ])('counts a question with %s', (_, asked, tokens) => {
    const cap = spendingCap({ maxUsd: 1000 });
    const perInputToken = {
      ...pricing,
      priceOf: (_: unknown, { inputTokens = 0 }: Usage) => ({ usd: inputTokens }),
    };
    budget({ caps: [cap], maxOutputTokens: 1, pricing: perInputToken })(member('a', NEVER))
      .call(asked)
      .subscribe();
    expect(cap.reservedUsd()).toBe(tokens);
  });

  it('settles what the provider refused with 0, and any other failure with the most, also of a question that costs', () => {
    const perText: Pricing = {
      priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({ usd: (inputTokens + outputTokens) / 1000 }),
      countTokens: (text) => text.length,
    };
    const spentOn = (error: unknown) => {
      const cap = spendingCap({ maxUsd: 1 });
      budget({ caps: [cap], maxOutputTokens: 500, pricing: perText })(
        member(
          'a',
          throwError(() => error),
        ),
      )
        .call(toRequest('four'))
        .subscribe({ error: () => {} });
      expect(cap.reservedUsd()).toBe(0);
      return cap.spentUsd();
    };
    for (const Refusal of [AuthenticationError, RateLimitError, InvalidRequestError]) {
      expect(spentOn(new Refusal('a', 'no'))).toBe(0);
      expect(spentOn(new Refusal('a', 'no', { status: 429 }))).toBe(0);
      expect(spentOn(new Refusal('a', 'no', { costUsd: 0.25 }))).toBe(0.25);
      // Within a reply with status 200, the provider has begun.
      expect(spentOn(new Refusal('a', 'no', { status: 200 }))).toBe(0.52);
    }
    for (const error of [
      new ProviderError('a', 'no', { status: 502 }),
      new ConnectionError('a', 'cut'),
      new TimeoutError('a', 5),
      new TypeError('bug'),
    ]) {
      expect(spentOn(error)).toBe(0.52);
    }
  });

  it('keeps to all of its caps, and reserves in none of them what does not fit in one', () => {
    const [wide, narrow] = [spendingCap({ maxUsd: 10 }), spendingCap({ maxUsd: 1 })];
    const model = budget({ caps: [wide, narrow], maxOutputTokens: 600, pricing })(member('a', NEVER));
    const [first, second] = [model.call(request).subscribe(), model.call(request).subscribe()];
    expect([wide.reservedUsd(), narrow.reservedUsd()]).toStrictEqual([0.6, 0.6]);
    first.unsubscribe();
    second.unsubscribe();
    expect([wide.reservedUsd(), narrow.reservedUsd()]).toStrictEqual([0, 0]);
  });

  it('lets every retry reserve for itself', () => {
    const cap = spendingCap({ maxUsd: 1 });
    const cut = new ProviderError('a', 'cut', { isRetryable: true, costUsd: 0.5 });
    const model = retry({ maxAttempts: 9, baseDelayMs: 0 })(
      budget({ caps: [cap], maxOutputTokens: 500, pricing })(
        member(
          'a',
          throwError(() => cut),
        ),
      ),
    );
    vi.useFakeTimers();
    const errors: unknown[] = [];
    model.call(request).subscribe({ error: (error) => errors.push(error) });
    vi.runAllTimers();
    expect(namesOf(errors)).toStrictEqual(['BudgetExceededError']);
    expect(cap.spentUsd()).toBe(1);
  });

  it('gives each prediction its own sum, whoever else is asked at the same time', async () => {
    const policy = budget({ perPredictionUsd: 0.5, maxOutputTokens: 200, pricing });
    const models = ['a', 'b', 'c'].map((id) => policy(member(id, of(answer(200)).pipe(delay(0)))));
    const ensemble = createEnsemble({ models });
    const predictions = await Promise.all(Array.from({ length: 20 }, () => ensemble.predict('?')));
    for (const { metadata } of predictions) {
      expect(metadata).toMatchObject({
        status: 'degraded',
        quorum: 2 / 3,
        missing: [{ model: 'c', reason: 'BudgetExceededError' }],
        costBreakdown: { c: 0 },
      });
    }
  });

  it('refuses options out of range, all at once', () => {
    expect(() => budget({} as never)).toThrow(/2 faults/);
    expect(() => budget({ caps: [{}], maxOutputTokens: 0, pricing: {} } as never)).toThrow(/3 faults/);
    for (const missing of ['priceOf', 'countTokens']) {
      const half = {
        caps: [spendingCap({ maxUsd: 1 })],
        maxOutputTokens: 1,
        pricing: { ...pricing, [missing]: 1 },
      };
      expect(() => budget(half as never)).toThrow('a pricing with priceOf and countTokens');
    }
    const { spentUsd, reservedUsd } = spendingCap({ maxUsd: 1 });
    const copy = { maxUsd: 1, spentUsd, reservedUsd };
    const caps = [spendingCap({ maxUsd: 1 }), copy];
    expect(() => budget({ caps, maxOutputTokens: 1, pricing })).toThrow('an array of caps');
    expect(() => spendingCap({ maxUsd: 0, windowMs: 0 })).toThrow(/2 faults/);
    expect(() => spendingCap({} as never)).toThrow(/missing/);
  });
});

describe('a spending cap', () => {
  it('shows what it is, and nothing of its line', () => {
    expect(Object.keys(spendingCap({ maxUsd: 1 }))).toStrictEqual(['maxUsd', 'spentUsd', 'reservedUsd']);
  });

  it.each([Number.NaN, -1, undefined as never])('takes a cost of %s for nothing', (costUsd) => {
    const cap = spendingCap({ maxUsd: 1 });
    const { fits, reserve } = ledger(cap);
    reserve(0.5)(costUsd);
    expect([cap.spentUsd(), cap.reservedUsd(), fits(1)]).toStrictEqual([0, 0, 'now']);
  });

  it('takes a second settlement for none', () => {
    const cap = spendingCap({ maxUsd: 1 });
    const settle = ledger(cap).reserve(0.5);
    settle(0.25);
    settle(0.5);
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.25, 0]);
  });

  it('counts dimes and cents without a drift', () => {
    const cap = spendingCap({ maxUsd: 1 });
    const { fits, reserve } = ledger(cap);
    for (let index = 0; index < 10; index += 1) reserve(0.1)(0.1);
    expect(cap.spentUsd()).toBe(1);
    expect(fits(1e-9)).toBe('never');
    expect(fits(0)).toBe('now');
  });

  it('forgets what was spent before its window, and never spends more in any window', () => {
    vi.useFakeTimers();
    const cap = spendingCap({ maxUsd: 1, windowMs: 1000 });
    const { fits, reserve } = ledger(cap);
    const spent: { atMs: number; usd: number }[] = [];
    for (let atMs = 0; atMs < 20_000; atMs += 7) {
      const usd = 0.001 * (1 + (atMs % 50));
      if (fits(usd) === 'now') {
        reserve(usd)(usd);
        spent.push({ atMs, usd });
      }
      vi.advanceTimersByTime(7);
    }
    for (const { atMs } of spent) {
      const within = spent.filter((one) => one.atMs >= atMs && one.atMs < atMs + 1000);
      expect(within.reduce((sum, { usd }) => sum + usd, 0)).toBeLessThanOrEqual(1 + 1e-9);
    }
    expect(spent.reduce((sum, { usd }) => sum + usd, 0)).toBeGreaterThan(16);
  });
});
