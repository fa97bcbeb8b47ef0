import fc from 'fast-check';
import { NEVER } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Model,
  type NoPredictionError,
  type Pricing,
  sequential,
} from '../../src/index.ts';
import { budget, cache, fallback, retry, spendingCap, timeout } from '../../src/policies/policies.ts';

/** Half a dollar for every call. */
const pricing: Pricing = { priceOf: () => ({ usd: 0.5 }), countTokens: () => 1 };

const paid = (id: string, costUsd: number) => defineModel(id, () => ({ text: 'yes', costUsd }));
const hanging = (id: string): Model => ({ id, call: () => NEVER });
const free = paid('free', 0);

/** The account of the first call, however the prediction ended. */
const accountOf = async (model: Model, ends: 'deadline' | 'timeoutMs' | 'signal', options = {}) => {
  const limits = { deadline: { deadlineMs: 15 }, timeoutMs: { timeoutMs: 15 }, signal: {} }[ends];
  const ensemble = createEnsemble({ models: [model, free], minResponses: 1, ...limits, ...options });
  const controller = new AbortController();
  const leaving = setTimeout(() => controller.abort(), ends === 'signal' ? 60 : 60_000);
  const prediction = ensemble
    .predict('?', { signal: controller.signal })
    .catch((error: NoPredictionError) => error)
    .finally(() => clearTimeout(leaving));
  await vi.advanceTimersByTimeAsync(100);
  const { outcomes } = await prediction;
  const { costUsd, costSource } = outcomes[0] ?? {};
  return { costUsd, costSource };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const endings = ['deadline', 'timeoutMs', 'signal'] as const;

describe('an ensemble as a model that is cut off', () => {
  it.each(endings)('costs what its calls have cost so far: %s', async (ends) => {
    const call = fc.record({ costUsd: fc.integer({ min: 1, max: 9 }), hangs: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (calls, isPriced) => {
          const models = [...calls, { costUsd: 0, hangs: true }].map(({ costUsd, hangs }, index) =>
            hangs ? hanging(`m${index}`) : paid(`m${index}`, costUsd),
          );
          const inner = createEnsemble({ models, ...(isPriced && { pricing }) });
          const known = calls.reduce((sum, { costUsd, hangs }) => sum + (hangs ? 0 : costUsd), 0);
          const inFlight = models.length - calls.filter(({ hangs }) => !hangs).length;
          const unpriced =
            known === 0
              ? { costUsd: undefined, costSource: 'unknown' }
              : { costUsd: known, costSource: 'partial' };
          // The outer price of the ensemble is that of none of its calls.
          expect(await accountOf(inner.asModel('in'), ends, { pricing })).toStrictEqual(
            isPriced ? { costUsd: known + 0.5 * inFlight, costSource: 'estimated' } : unpriced,
          );
        },
      ),
      { numRuns: 8, seed: 12 },
    );
  });

  it.each(endings)('costs nothing while its calls wait: %s', async (ends) => {
    const inner = createEnsemble({ models: [hanging('busy')], concurrency: 1, pricing });
    const controller = new AbortController();
    const first = inner.predict('first', { signal: controller.signal }).catch(() => undefined);
    expect(await accountOf(inner.asModel('in'), ends, { pricing })).toStrictEqual({
      costUsd: 0,
      costSource: 'reported',
    });
    controller.abort();
    await first;
  });

  it('does not count the calls that its schedule has not made', async () => {
    const models = [paid('a', 2), hanging('b'), paid('c', 4)];
    const inner = createEnsemble({ models, execution: sequential(), pricing, timeoutMs: 1000 });
    expect(await accountOf(inner.asModel('in'), 'deadline', { pricing })).toStrictEqual({
      costUsd: 2.5,
      costSource: 'estimated',
    });
  });

  const inner = () => createEnsemble({ models: [paid('a', 2), hanging('b')], pricing }).asModel('in');

  it.each<[string, Model, number]>([
    ['timeout', timeout(5)(inner()), 2.5],
    ['retry of timeouts', retry({ baseDelayMs: 0, maxAttempts: 2 })(timeout(5)(inner())), 5],
    ['cache', cache()(inner()), 2.5],
    ['fallback to it', fallback('f', [timeout(5)(inner()), inner()]), 5],
    ['fallback from it', fallback('f', [timeout(5)(inner()), hanging('other')]), 3],
    ['twice nested', createEnsemble({ models: [inner(), paid('z', 1)] }).asModel('outer'), 3.5],
  ])('is accounted for within %s', async (_, model, costUsd) => {
    const account = await accountOf(model, 'signal', { pricing, timeoutMs: 1000 });
    expect(account).toStrictEqual({ costUsd, costSource: 'estimated' });
  });

  it.each<[string, (model: Model) => Model, 'deadline' | 'signal' | 'timeoutMs']>([
    ['cancelled', (model) => model, 'signal'],
    ['past its deadline', (model) => model, 'deadline'],
    ['timed out', (model) => model, 'timeoutMs'],
    ['timed out within the budget', timeout(5), 'signal'],
  ])('charges a budget with all that is known: %s', async (_, wrapped, ends) => {
    for (const cancelledCalls of ['most', 'estimate'] as const) {
      const cap = spendingCap({ maxUsd: 100 });
      const within = budget({ caps: [cap], maxOutputTokens: 5, pricing, cancelledCalls });
      await accountOf(within(wrapped(inner())), ends, { pricing });
      expect(cap.spentUsd()).toBe(2.5);
      expect(cap.reservedUsd()).toBe(0);
    }
  });

  it('charges a budget with nothing if nothing was sent', async () => {
    const busy = createEnsemble({ models: [hanging('busy')], concurrency: 1, pricing });
    const controller = new AbortController();
    const first = busy.predict('first', { signal: controller.signal }).catch(() => undefined);
    const cap = spendingCap({ maxUsd: 100 });
    await accountOf(budget({ caps: [cap], maxOutputTokens: 5, pricing })(busy.asModel('in')), 'signal');
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0, 0]);
    controller.abort();
    await first;
  });
});
