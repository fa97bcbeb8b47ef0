import fc from 'fast-check';
import { Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createEnsemble,
  defineModel,
  hedged,
  hedgeEach,
  type Model,
  type ModelIdentity,
  type Outcome,
  ProviderError,
  parallel,
} from '../../src/index.ts';
import { cache } from '../../src/policies/cache.ts';
import { fallback, retry } from '../../src/policies/policies.ts';

/** The estimate of a call that was cancelled: far above all that is billed, so that both can be told apart in a sum. */
const ESTIMATE_USD = 1024;
const estimateOf = ({ id }: ModelIdentity): number => (id === 'spare' ? 2 * ESTIMATE_USD : ESTIMATE_USD);
const pricing = {
  priceOf: (model: ModelIdentity) => ({ usd: estimateOf(model) }),
  countTokens: (text: string) => text.length,
};

/** How one request to the provider ends, and when. */
interface Reply {
  readonly afterMs: number;
  readonly ends: 'answered' | 'failed' | 'refused' | 'unfinished' | 'silent';
  readonly deltas: number;
}

/** A provider that bills what it generates, and counts the requests that were given up. */
const provider = (replies: readonly Reply[]) => {
  const bill = { usd: 0, requests: 0, cancelledUsd: 0 };
  const named = (id: string): Model => ({
    id,
    call: ({ wantsDeltas }) =>
      new Observable((subscriber) => {
        const number = bill.requests;
        bill.requests += 1;
        const { afterMs, ends, deltas } = replies[number % replies.length] as Reply;
        // Sums of such amounts are exact, and each set of requests has its own.
        const costUsd = 2 ** -(number % 20);
        let isOver = false;
        const billed = (): number => {
          isOver = true;
          bill.usd += costUsd;
          return costUsd;
        };
        const end = (): void => {
          if (ends === 'failed')
            subscriber.error(new ProviderError('billing', 'no', { isRetryable: true, costUsd: billed() }));
          else if (ends === 'refused') {
            isOver = true;
            subscriber.error(new ProviderError('billing', 'busy', { isRetryable: true, costUsd: 0 }));
          } else {
            const finishReason = ends === 'unfinished' ? 'length' : 'stop';
            subscriber.next({ text: `4 ${number}`, costUsd: billed(), finishReason });
            subscriber.complete();
          }
        };
        const timers = ends === 'silent' ? [] : [setTimeout(end, afterMs)];
        for (let piece = 0; wantsDeltas === true && piece < deltas; piece += 1) {
          timers.push(setTimeout(() => subscriber.next({ delta: '4' }), (piece * afterMs) / deltas));
        }
        return () => {
          for (const timer of timers) clearTimeout(timer);
          if (!isOver) bill.cancelledUsd += estimateOf({ id });
        };
      }),
  });
  return { model: named('billing'), spare: named('spare'), bill };
};

const again = retry({ maxAttempts: 2, baseDelayMs: 10, random: () => 0.5, shouldHandle: () => true });
const arrangements: Readonly<Record<string, (model: Model, spare: Model) => Model>> = {
  cache: (model) => cache()(model),
  'cache around retry': (model) => cache()(again(model)),
  'retry around cache': (model) => again(cache()(model)),
  'retry around cache around retry': (model) => again(cache()(again(model))),
  'cache around cache': (model) => cache()(cache()(model)),
  'cache around fallback': (model, spare) => cache()(fallback('either', [model, spare])),
};

const caller = fc.record({
  startsAtMs: fc.nat(30),
  leavesAfterMs: fc.oneof(fc.constant(undefined), fc.nat(30)),
  timeoutMs: fc.integer({ min: 1, max: 40 }),
  deadlineMs: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 40 })),
  question: fc.constantFrom('one', 'other'),
  isStreamed: fc.boolean(),
  isHedged: fc.boolean(),
});
const reply: fc.Arbitrary<Reply> = fc.record({
  afterMs: fc.nat(20),
  ends: fc.constantFrom('answered', 'answered', 'answered', 'failed', 'refused', 'unfinished', 'silent'),
  deltas: fc.nat(3),
});

/** Lets the callers ask, leave and wait, and returns the outcomes of all their calls. */
const accountsOf = async (
  model: Model,
  callers: readonly (typeof caller extends fc.Arbitrary<infer Caller> ? Caller : never)[],
): Promise<readonly Outcome[]> => {
  const ensembles = [parallel(), hedgeEach({ hedgeDelayMs: 4, maxExtraRatio: 1 })(parallel())].map(
    (execution) => createEnsemble({ models: [model], execution, pricing }),
  );
  const outcomes: Outcome[] = [];
  const asked = callers.map(
    async ({ startsAtMs, leavesAfterMs, isStreamed, isHedged, question, ...limits }) => {
      await new Promise((resolve) => setTimeout(resolve, startsAtMs));
      const controller = new AbortController();
      if (leavesAfterMs !== undefined) setTimeout(() => controller.abort(), leavesAfterMs);
      const ensemble = ensembles[isHedged ? 1 : 0] as (typeof ensembles)[number];
      const options = { ...limits, signal: controller.signal };
      try {
        if (!isStreamed) outcomes.push(...(await ensemble.predict(question, options)).outcomes);
        else {
          for await (const event of ensemble.stream(question, options)) {
            if (event.type === 'complete') outcomes.push(...event.prediction.outcomes);
          }
        }
      } catch (error) {
        outcomes.push(...(error as { outcomes: Outcome[] }).outcomes);
      }
    },
  );
  await vi.advanceTimersByTimeAsync(500);
  await Promise.all(asked);
  return outcomes;
};

describe('what calls cost that share a request', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(Object.entries(arrangements))(
    'is in exactly one account, whoever joins, leaves, fails, repeats and expires: %s',
    async (_, arrange) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(caller, { minLength: 1, maxLength: 6 }),
          fc.array(reply, { minLength: 1, maxLength: 5 }),
          async (callers, replies) => {
            const { model, spare, bill } = provider(replies);
            const outcomes = await accountsOf(arrange(model, spare), callers);
            const totalUsd = outcomes.reduce((sum, { costUsd }) => sum + (costUsd ?? Number.NaN), 0);
            expect(totalUsd).toBe(bill.usd + bill.cancelledUsd);
            // An account without an estimate has none of a cancelled call.
            const reportedUsd = outcomes
              .filter(({ costSource }) => costSource === 'reported')
              .reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
            expect(reportedUsd).toBeLessThan(ESTIMATE_USD);
          },
        ),
        { numRuns: 250, seed: 12 },
      );
    },
  );

  it('is paid by the one who is still there, and stored, when the first asker leaves', async () => {
    const { model, bill } = provider([{ afterMs: 10, ends: 'answered', deltas: 0 }]);
    const { predict } = createEnsemble({ models: [model], cache: true, pricing });
    const controller = new AbortController();
    const first = predict('?', { signal: controller.signal }).catch((error) => error);
    const second = predict('?');
    const third = predict('?');
    await vi.advanceTimersByTimeAsync(5);
    controller.abort();
    await vi.advanceTimersByTimeAsync(5);
    const costs = [
      (await first).outcomes[0].costUsd,
      ...(await Promise.all([second, third])).map(({ metadata }) => metadata.costUsd),
    ];
    expect(costs).toStrictEqual([0, 1, 0]);
    expect((await predict('?')).metadata.costUsd).toBe(0);
    expect(bill).toStrictEqual({ usd: 1, requests: 1, cancelledUsd: 0 });
  });

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 0, 2]]])(
    'is an estimate of the last when all leave together: %j',
    async (order) => {
      const { model } = provider([{ afterMs: 10, ends: 'answered', deltas: 0 }]);
      const { predict } = createEnsemble({ models: [model], cache: true, pricing });
      const controllers = order.map(() => new AbortController());
      const all = controllers.map(({ signal }) => predict('?', { signal }).catch((error) => error));
      await vi.advanceTimersByTimeAsync(5);
      for (const index of order) controllers[index]?.abort();
      const costs = (await Promise.all(all)).map(({ outcomes: [outcome] }) => [
        outcome.costUsd,
        outcome.costSource,
      ]);
      const last = order.at(-1);
      expect(costs).toStrictEqual(
        costs.map((_, index) => (index === last ? [ESTIMATE_USD, 'estimated'] : [0, 'reported'])),
      );
    },
  );

  it('is nothing for those who leave between two attempts, of which the first asker paid the first', async () => {
    const { model } = provider([{ afterMs: 1, ends: 'failed', deltas: 0 }]);
    const { predict } = createEnsemble({ models: [cache()(again(model))], pricing });
    const controllers = [new AbortController(), new AbortController()];
    const both = controllers.map(({ signal }) => predict('?', { signal }).catch((error) => error));
    await vi.advanceTimersByTimeAsync(3);
    for (const controller of controllers) controller.abort();
    const costs = (await Promise.all(both)).map(({ outcomes: [{ costUsd, attempts }] }) => [
      costUsd,
      attempts?.length,
    ]);
    expect(costs).toStrictEqual([
      [1, 1],
      [0, undefined],
    ]);
  });

  it('does not end the call of one who has more time than the one who began it', async () => {
    const { model, bill } = provider([{ afterMs: 15, ends: 'answered', deltas: 0 }]);
    const { predict } = createEnsemble({ models: [model], cache: true, pricing });
    const hasty = predict('?', { timeoutMs: 10 }).catch((error) => error);
    const patient = predict('?', { timeoutMs: 20 });
    await vi.advanceTimersByTimeAsync(20);
    expect((await hasty).outcomes[0]).toMatchObject({ costUsd: 0, error: { name: 'TimeoutError' } });
    expect((await patient).outcomes[0]).toMatchObject({ status: 'answered', costUsd: 1 });
    expect(bill.requests).toBe(1);
  });
});

describe('a call with a cache that is too slow', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const slowThenQuick = () =>
    provider([
      { afterMs: 0, ends: 'silent', deltas: 0 },
      { afterMs: 5, ends: 'answered', deltas: 0 },
    ]);
  const options = { cache: true, retry: { baseDelayMs: 0 }, timeoutMs: 10 } as const;

  it('is repeated by a retry within it if one waits for it', async () => {
    const { model, bill } = slowThenQuick();
    const asked = createEnsemble({ models: [model], ...options }).predict('?');
    await vi.advanceTimersByTimeAsync(30);
    expect((await asked).text).toBe('4 1');
    expect(bill.requests).toBe(2);
  });

  it('is left by those whose time is over, and repeated for the last', async () => {
    const { model, bill } = slowThenQuick();
    const { predict } = createEnsemble({ models: [model], ...options });
    const first = predict('?').catch((error) => error.outcomes[0].error.name);
    await vi.advanceTimersByTimeAsync(5);
    const second = predict('?');
    await vi.advanceTimersByTimeAsync(30);
    expect(await first).toBe('TimeoutError');
    expect((await second).text).toBe('4 1');
    expect(bill.requests).toBe(2);
  });
});

describe('the original cost of a response that was paid for', () => {
  const priced = { priceOf: () => ({ usd: 3 }), countTokens: (text: string) => text.length };
  const costsWith = async (answer: object, options: object) => {
    const model = defineModel('a', () => ({ text: '4', ...answer }));
    const { predict } = createEnsemble({ models: [model], cache: true, ...options });
    await predict('?');
    const { metadata, outcomes } = await predict('?');
    const [outcome] = outcomes;
    return [metadata.costUsd, outcome?.status === 'answered' ? outcome.response.cached : undefined];
  };
  const usage = { inputTokens: 1, outputTokens: 1 };

  it.each<readonly [string, object, object, object]>([
    ['is what the model reported', { costUsd: 2, usage }, { pricing: priced }, { costUsd: 2 }],
    ['is by the pricing if the model reported tokens', { usage }, { pricing: priced }, { costUsd: 3 }],
    ['is unknown without a pricing', { usage }, {}, { costUsd: undefined }],
    ['is unknown if there is only an estimate', {}, { pricing: priced }, { costUsd: undefined }],
  ])('%s', async (_what, answer, options, cached) => {
    expect(await costsWith(answer, options)).toStrictEqual([0, cached]);
  });
});

describe('a hedge of a call with a cache', () => {
  /** A model whose first call never ends, and the calls that were made. */
  const slowFirst = () => {
    const calls: string[] = [];
    const model = defineModel('slow', (question) => {
      calls.push(question);
      return calls.length === 1 ? new Promise<string>(() => undefined) : '4';
    });
    return { model, calls };
  };
  const execution = hedgeEach({ hedgeDelayMs: 1, maxExtraRatio: 1 })(parallel());

  it.each<readonly [string, (model: Model) => Model, object]>([
    ['of the ensemble', (model) => model, { cache: true }],
    ['of the model', cache(), {}],
    ['within a cache of the ensemble', cache(), { cache: true }],
    ['around a retry', (model) => model, { cache: true, retry: true }],
    ['within a retry', (model) => retry()(cache()(model)), {}],
  ])('%s is a call of its own', async (_where, wrap, options) => {
    const { model, calls } = slowFirst();
    const { outcomes } = await createEnsemble({ models: [wrap(model)], execution, ...options }).predict('?');
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['cancelled', 'answered']);
    expect(calls).toHaveLength(2);
  });

  it('to the same model stores the answer that comes first, and a stored answer needs no hedge', async () => {
    const { model, calls } = slowFirst();
    const { predict } = createEnsemble({ models: [model], cache: true, execution });
    expect((await predict('?')).text).toBe('4');
    const { text, outcomes, metadata } = await predict('?');
    expect([text, metadata.costUsd]).toStrictEqual(['4', 0]);
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['answered']);
    expect(calls).toHaveLength(2);
  });

  it('to another model finds its stored answer, and the call it overtakes is not stored', async () => {
    const { model, calls } = slowFirst();
    const others: string[] = [];
    const other = defineModel('other', (question) => {
      others.push(question);
      return '4';
    });
    const schedule = hedged({ hedgeDelayMs: 1 });
    const { predict } = createEnsemble({ models: [model, other], cache: true, execution: schedule });
    expect((await predict('?')).outcomes.map(({ status }) => status)).toStrictEqual([
      'cancelled',
      'answered',
    ]);
    // The first model answers now, so its answer is stored beside that of the other.
    expect((await predict('?')).text).toBe('4');
    expect((await predict('?')).text).toBe('4');
    expect([calls.length, others.length]).toStrictEqual([2, 1]);
  });

  it('is a call of its own, also if the first call is shared with another prediction', async () => {
    const { model, calls } = slowFirst();
    const { predict } = createEnsemble({ models: [model], cache: true, execution });
    const texts = await Promise.all(['first', 'second'].map(async () => (await predict('?')).text));
    expect(texts).toStrictEqual(['4', '4']);
    expect(calls.length).toBeGreaterThanOrEqual(2);
  });
});
