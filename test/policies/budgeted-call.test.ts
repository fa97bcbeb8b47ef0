import { defer, NEVER, of, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  createEnsemble,
  type Model,
  type ModelError,
  type NoPredictionError,
  type Pricing,
  ProviderError,
  RateLimitError,
} from '../../src/index.ts';
import {
  type AttemptListener,
  attemptListener,
  type BudgetOptions,
  budget,
  concurrency,
  fallback,
  retry,
  spendingCap,
  timeout,
} from '../../src/policies/policies.ts';

/** A model's name says what a token costs: a tenth of a cent, or ten times as much. */
const pricing: Pricing = {
  priceOf: ({ id }, { outputTokens = 0 }) => ({ usd: (outputTokens * (id === 'dear' ? 10 : 1)) / 1000 }),
  countTokens: (text) => text.length,
};
const member = (id: string, call: Model['call']): Model => ({ id, call });
const answer = (outputTokens: number) => ({ text: '4', usage: { inputTokens: 1, outputTokens } });
const failing = (error: Error) => () => throwError(() => error);

/** A budget over $1 for calls of at most 100 tokens, and its cap. */
const capped = (options: Partial<BudgetOptions> = {}, maxUsd = 1) => {
  const cap = spendingCap({ maxUsd });
  return { cap, within: budget({ caps: [cap], maxOutputTokens: 100, pricing, ...options }) };
};

describe('the attempts within a budget', () => {
  it('see the call that they belong to, or a call of their own', () => {
    const seen: (AttemptListener | undefined)[] = [];
    const { within } = capped();
    const model = within(
      member('a', (request) => {
        seen.push(attemptListener(request));
        return of(answer(1));
      }),
    );
    model.call(toRequest('?')).subscribe();
    expect(seen[0]).toMatchObject({ isExtra: false, hasExpired: false, acceptsUnfinished: false });
    expect(seen[0]?.remainingMs()).toBe(Number.POSITIVE_INFINITY);
    expect(seen[0]?.prediction).toBeTypeOf('object');
  });

  it('see the limits of the ensemble', async () => {
    const seen: (AttemptListener | undefined)[] = [];
    const { within } = capped();
    const models = ['a', 'b'].map((id) =>
      within(
        member(id, (request) => {
          seen.push(attemptListener(request));
          return of(answer(1));
        }),
      ),
    );
    await createEnsemble({ models, acceptUnfinished: true, deadlineMs: 1000 }).predict('?');
    expect(seen.map((listener) => listener?.acceptsUnfinished)).toStrictEqual([true, true]);
    expect(seen[0]?.prediction).toBe(seen[1]?.prediction);
    expect(seen[0]?.remainingMs()).toBeLessThanOrEqual(1000);
  });

  it('are in the outcome of the call, each with its cost', async () => {
    const { cap, within } = capped();
    let calls = 0;
    const shaky = member('a', () =>
      defer(() => {
        calls += 1;
        if (calls === 1) return throwError(() => new RateLimitError('a', 'slow down', { isRetryable: true }));
        if (calls === 2)
          return throwError(() => new ProviderError('a', 'down', { isRetryable: true, status: 503 }));
        return of(answer(20));
      }),
    );
    const models = [within(retry({ baseDelayMs: 0 })(shaky))];
    const { outcomes } = await createEnsemble({ models, pricing }).predict('?');
    expect(outcomes).toMatchObject([
      {
        costUsd: 0.02,
        costSource: 'partial',
        attempts: [
          { costUsd: 0, costSource: 'reported' },
          { costUsd: undefined, costSource: 'unknown' },
        ],
      },
    ]);
    // Nothing for the refusal, the most for the failure, and the answer.
    expect(cap.spentUsd()).toBeCloseTo(0.12, 9);
    expect(cap.reservedUsd()).toBe(0);
  });

  it('reserve for the model that they call, and are priced by it', async () => {
    const { cap, within } = capped({}, 2);
    let reservedUsd = 0;
    const dear = member('dear', () => {
      reservedUsd = cap.reservedUsd();
      return of(answer(50));
    });
    const models = [within(fallback('either', [member('a', failing(new Error('down'))), dear]))];
    const { outcomes } = await createEnsemble({ models, pricing }).predict('?');
    expect(reservedUsd).toBe(1);
    expect(cap.spentUsd()).toBeCloseTo(0.1 + 0.5, 9);
    expect(outcomes).toMatchObject([{ status: 'answered', costUsd: 0.5 }]);
  });

  it('end with the call if the next one does not fit', async () => {
    const { cap, within } = capped();
    let calls = 0;
    const dear = member('dear', () => {
      calls += 1;
      return of(answer(50));
    });
    const models = [within(fallback('either', [member('a', failing(new Error('down'))), dear]))];
    const { outcomes } = await createEnsemble({ models, pricing })
      .predict('?')
      .catch((error) => error);
    expect(outcomes).toMatchObject([
      { status: 'failed', error: { name: 'BudgetExceededError', worstUsd: 1 } },
    ]);
    expect([calls, cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0, 0.1, 0]);
  });

  it('cost nothing while a policy within holds them back', () => {
    const { cap, within } = capped();
    const model = within(concurrency({ maxConcurrent: 1 })(member('a', () => NEVER)));
    const [first, second] = [0, 1].map(() => model.call(toRequest('?')).subscribe());
    expect(cap.reservedUsd()).toBe(0.2);
    second?.unsubscribe();
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0, 0.1]);
    first?.unsubscribe();
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.1, 0]);
  });

  it('cost nothing between two of them', () => {
    vi.useFakeTimers();
    const { cap, within } = capped();
    const down = new ProviderError('a', 'down', { isRetryable: true, costUsd: 0.05 });
    const model = within(retry({ baseDelayMs: 10, random: () => 1 })(member('a', failing(down))));
    const call = model.call(toRequest('?')).subscribe();
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.05, 0]);
    call.unsubscribe();
    vi.runAllTimers();
    vi.useRealTimers();
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.05, 0]);
  });
});

describe('server errors that are free', () => {
  it.each<readonly [what: string, error: ModelError, spentUsd: number]>([
    ['a 503', new ProviderError('a', 'down', { status: 503 }), 0],
    ['one without a status', new ProviderError('a', 'down'), 0],
    ['one within a reply', new ProviderError('a', 'down', { status: 200 }), 0.1],
    ['one with a cost', new ProviderError('a', 'down', { status: 503, costUsd: 0.03 }), 0.03],
    ['a rate limit within a reply', new RateLimitError('a', 'slow down', { status: 200 }), 0.1],
  ])('charge what they should for %s, and the ledger agrees', async (_what, error, spentUsd) => {
    const { cap, within } = capped({ serverErrors: 'free' });
    const models = [within(member('a', failing(error)))];
    const { outcomes } = await createEnsemble({ models, pricing })
      .predict('?')
      .catch((reason) => reason);
    expect(cap.spentUsd()).toBe(spentUsd);
    expect(outcomes).toMatchObject([
      {
        error: { name: error.name, message: error.message, ...(error.status && { status: error.status }) },
        costUsd: spentUsd === 0.1 ? undefined : spentUsd,
      },
    ]);
  });

  it('are free as attempts, too', async () => {
    const { cap, within } = capped({ serverErrors: 'free' });
    let calls = 0;
    const shaky = member('a', () => {
      calls += 1;
      const down = new ProviderError('a', 'down', { isRetryable: true, status: 503, retryAfterMs: 0 });
      return calls === 1 ? throwError(() => down) : of(answer(20));
    });
    const models = [within(retry({ baseDelayMs: 0 })(shaky))];
    const { outcomes } = await createEnsemble({ models, pricing }).predict('?');
    expect(cap.spentUsd()).toBe(0.02);
    expect(outcomes).toMatchObject([{ costUsd: 0.02, costSource: 'reported', attempts: [{ costUsd: 0 }] }]);
  });
});

describe('what a budget does not charge', () => {
  const down = (id: string, status = 503) => member(id, failing(new ProviderError(id, 'down', { status })));

  it.each<[string, Model, number]>([
    ['one model', down('a'), 0],
    ['all members of a fallback', fallback('f', [down('a'), down('b')]), 0],
    ['a fallback in a fallback', fallback('g', [down('a'), fallback('f', [down('b'), down('c')])]), 0],
    [
      'a fallback with a retry',
      retry({ maxAttempts: 2, baseDelayMs: 0 })(fallback('f', [down('a'), down('b')])),
      0,
    ],
    [
      'a member that broke otherwise',
      fallback('f', [down('a'), member('b', failing(new Error('cut')))]),
      0.1,
    ],
  ])("is a 5xx with serverErrors: 'free': %s", async (_, model, spentUsd) => {
    const { cap, within } = capped({ serverErrors: 'free' });
    const predicted = createEnsemble({ models: [within(model)], pricing }).predict('?');
    const { outcomes } = await predicted.catch((error: NoPredictionError) => error);
    expect(cap.spentUsd()).toBe(spentUsd);
    expect(outcomes[0]?.costUsd).toBe(0);
    expect(outcomes[0]?.costSource).toBe(spentUsd === 0 ? 'reported' : 'partial');
  });

  it("is not a time limit with cancelledCalls: 'estimate', of the ensemble or of a policy", async () => {
    for (const [around, limits] of [
      [timeout(5), {}],
      [(model: Model) => model, { timeoutMs: 5 }],
      [(model: Model) => retry({ maxAttempts: 1 })(timeout(5)(model)), {}],
    ] as const) {
      const { cap, within } = capped({ cancelledCalls: 'estimate' });
      const models = [around(within(member('a', () => NEVER)))];
      await createEnsemble({ models, pricing, ...limits })
        .predict('?')
        .catch(() => undefined);
      expect(cap.spentUsd()).toBe(0.1);
    }
  });
});
