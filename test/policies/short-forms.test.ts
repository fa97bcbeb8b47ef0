import { concat, NEVER, type Observable, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, vi } from 'vitest';
import {
  ConfigError,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type Model,
  type ModelResponse,
  type Pricing,
  ProviderError,
} from '../../src/index.ts';
import { circuitBreaker, concurrency, retryBudget, spendingCap } from '../../src/policies/policies.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';
import { pricing } from './budget-calls.ts';

const down = (id: string) => new ProviderError(id, 'down', { isRetryable: true, costUsd: 0 });

/** A model that answers as it is told, call by call, and counts its calls. */
const inTurn = (id: string, ...answers: readonly Observable<ModelResponse>[]) => {
  const count = { asked: 0 };
  const model: Model = {
    id,
    call: () => answers[Math.min(count.asked++, answers.length - 1)] as Observable<ModelResponse>,
  };
  return { model, count };
};

describe('the policies of an ensemble, in short form', () => {
  it('retry with true, and say of the call which attempts there were', async () => {
    vi.useFakeTimers();
    const failing = throwError(() => new ProviderError('a', 'down', { isRetryable: true, costUsd: 0.25 }));
    const { model } = inTurn('a', failing, failing, of({ text: '4', costUsd: 0.5 }));
    const predicted = createEnsemble({ models: [model], retry: true }).predict('?');
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    const { metadata, outcomes } = await predicted;
    expect(metadata).toMatchObject({ costUsd: 1, costSource: 'reported', status: 'complete' });
    expect(outcomes[0]?.attempts).toMatchObject([
      { model: 'a', costUsd: 0.25, error: { name: 'ProviderError' } },
      { model: 'a', costUsd: 0.25, error: { name: 'ProviderError' } },
    ]);
  });

  it('share one retry budget over all models and predictions', async () => {
    const failing = throwError(() => down('a'));
    const [a, b] = [inTurn('a', failing), inTurn('b', failing)];
    const ensemble = createEnsemble({
      models: [a.model, b.model],
      retry: { maxAttempts: 9, baseDelayMs: 0, budget: retryBudget({ floorPerSecond: 0 }) },
    });
    for (let index = 0; index < 50; index += 1) await expect(ensemble.predict('?')).rejects.toThrow();
    // A call earns a fifth of a retry, whoever makes it.
    expect(a.count.asked + b.count.asked).toBe(100 + 20);
  });

  it('break the circuit of one model, and leave the others alone', async () => {
    const { model, count } = inTurn(
      'dead',
      throwError(() => new Error('down')),
    );
    const ensemble = createEnsemble({
      models: [model, defineModel('steady', () => '4')],
      circuitBreaker: { minimumCalls: 2 },
      minResponses: 1,
    });
    const reasons: unknown[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { metadata } = await ensemble.predict('?');
      reasons.push(metadata.missing[0]?.reason);
    }
    expect(reasons).toStrictEqual(['ModelError', 'ModelError', 'CircuitOpenError', 'CircuitOpenError']);
    expect(count.asked).toBe(2);
  });

  it(
    'let so many calls of each provider be out at once',
    marbles((m) => {
      const at = (id: string, provider?: string) => ({
        ...scripted(id, m.cold('--4|', responses)),
        ...(provider && { provider }),
      });
      const models = [at('a', 'x'), at('b', 'x'), at('c', 'y'), at('d')];
      const ensemble = createEnsemble({ models, concurrency: 1 });
      m.expect(ensemble.predict$('?')).toBeObservable('----(p|)', {
        p: expect.objectContaining({
          outcomes: [2, 4, 2, 2].map((latencyMs) => expect.objectContaining({ latencyMs })),
        }),
      });
    }),
  );

  it(
    'space the calls of each provider, and say who found the line full',
    marbles((m) => {
      const at = (id: string) => ({ ...scripted(id, m.cold('-4|', responses)), provider: 'x' });
      const ensemble = createEnsemble({
        models: [at('a'), at('b'), at('c')],
        rateLimit: { requestsPerMinute: 20_000, maxQueued: 1 },
      });
      m.expect(ensemble.predict$('?')).toBeObservable('----(p|)', {
        p: expect.objectContaining({
          metadata: expect.objectContaining({
            status: 'degraded',
            quorum: 2 / 3,
            missing: [{ model: 'c', reason: 'QueueFullError' }],
          }),
        }),
      });
    }),
  );

  it('take a number for a rate, and true for what providers say', async () => {
    const models = [defineModel('a', () => '4')];
    expect((await createEnsemble({ models, rateLimit: 6000 }).predict('?')).answer).toBe('4');
    expect((await createEnsemble({ models, rateLimit: true }).predict('?')).answer).toBe('4');
  });

  it('ask once for what was answered before, also of a panel that is chosen by the query', async () => {
    const { model, count } = inTurn('a', of({ text: '4', costUsd: 0.5 }));
    const ensemble = createEnsemble({ models: () => [model], cache: true });
    const costs: unknown[] = [];
    for (const question of ['?', '?', '!']) costs.push((await ensemble.predict(question)).metadata.costUsd);
    expect(costs).toStrictEqual([0.5, 0, 0.5]);
    expect(count.asked).toBe(2);
  });

  it('make no call that could cost too much, by the prices of the ensemble', async () => {
    const cap = spendingCap({ maxUsd: 1 });
    const answer = of({ text: '4', usage: { inputTokens: 1, outputTokens: 300 } });
    const models = ['a', 'b', 'c'].map((id) => inTurn(id, answer).model);
    const ensemble = createEnsemble({
      models,
      pricing,
      budget: { caps: [cap], perPredictionUsd: 0.7, maxOutputTokens: 300 },
    });
    const { metadata } = await ensemble.predict('?');
    expect(metadata).toMatchObject({
      costUsd: 0.6,
      missing: [{ model: 'c', reason: 'BudgetExceededError' }],
      quorum: 2 / 3,
      status: 'degraded',
    });
    expect(cap.spentUsd()).toBe(0.6);
    await expect(ensemble.predict('?')).rejects.toMatchObject({
      name: 'InsufficientResponsesError',
      isRetryable: false,
    });
    expect(cap.spentUsd()).toBe(0.9);
  });

  it(
    'stand in an order in which an open circuit is not waited for, neither by a retry nor in a line',
    marbles((m) => {
      const dead = { ...scripted('dead', m.cold('-#', {}, down('dead'))), provider: 'x' };
      const slow = { ...scripted('slow', m.cold('----4|', responses)), provider: 'x' };
      const ensemble = createEnsemble({
        models: [dead, slow],
        minResponses: 1,
        circuitBreaker: { minimumCalls: 1 },
        retry: { baseDelayMs: 2, random: () => 1 },
        concurrency: 1,
      });
      m.expect(ensemble.predict$('?')).toBeObservable('-----(p|)', {
        p: expect.objectContaining({
          outcomes: [
            expect.objectContaining({
              status: 'failed',
              latencyMs: 3,
              error: expect.objectContaining({ name: 'CircuitOpenError' }),
            }),
            expect.objectContaining({ status: 'answered', latencyMs: 5 }),
          ],
        }),
      });
    }),
  );

  it('are taken as they are where they were made elsewhere, and are then shared', async () => {
    const one = concurrency({ maxConcurrent: 1, maxQueued: 0 });
    const [hung, quick] = [scripted('hung', NEVER), scripted('quick', of({ text: '4' }))];
    const waiting = createEnsemble({ models: [hung], concurrency: one })
      .predict$('?')
      .subscribe();
    const other = createEnsemble({ models: [quick], concurrency: one });
    await expect(other.predict('?')).rejects.toMatchObject({ cause: { name: 'QueueFullError' } });
    waiting.unsubscribe();
    expect((await other.predict('?')).answer).toBe('4');
  });

  it('live as long as the ensemble: streams, predictions and overridden panels find the same state', async () => {
    const { model, count } = inTurn(
      'a',
      throwError(() => down('a')),
    );
    const ensemble = createEnsemble({ models: [model], circuitBreaker: circuitBreaker({ minimumCalls: 3 }) });
    await expect(ensemble.predict('?')).rejects.toThrow('down');
    await expect(
      (async () => {
        for await (const _ of ensemble.stream('?'));
      })(),
    ).rejects.toThrow('down');
    await expect(ensemble.predict('?', { models: [model], timeoutMs: 10 })).rejects.toThrow('down');
    await expect(ensemble.predict('?')).rejects.toMatchObject({ cause: { name: 'CircuitOpenError' } });
    expect(count.asked).toBe(3);
  });

  it('may be false', async () => {
    const models = [defineModel('a', () => '4')];
    const off = { retry: false, circuitBreaker: false, rateLimit: false, cache: false } as const;
    expect((await createEnsemble({ models, ...off }).predict('?')).answer).toBe('4');
  });

  it('have all the faults of all their options told at once, with those of the ensemble', () => {
    const options = {
      models: [],
      retry: { maxAttempts: 0, tries: 3 },
      circuitBreaker: { failureRatio: 2 },
      concurrency: 0,
      rateLimit: { burst: 0 },
      cache: { onMiss: 'error' },
      budget: { perPredictionUsd: -1 },
    } as unknown as EnsembleOptions;
    let faults: readonly string[] = [];
    try {
      createEnsemble(options);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      ({ faults } = error as ConfigError);
    }
    for (const fault of [
      'createEnsemble: option "models" must name at least one',
      'retry: option "maxAttempts"',
      'retry: there is no option "tries"',
      'circuitBreaker: option "failureRatio"',
      'concurrency: option "maxConcurrent"',
      'rateLimit: option "burst"',
      "cache: onMiss 'error' needs a store",
      'budget: option "perPredictionUsd"',
      'budget: option "pricing" is missing',
    ]) {
      expect(faults.filter((told) => told.startsWith(fault))).toHaveLength(1);
    }
    expect(faults).toHaveLength(9);
  });

  it.each(['retry', 'circuitBreaker', 'concurrency', 'rateLimit', 'cache', 'budget'])(
    'refuse a %s that is none, and one in an override',
    async (name) => {
      const models = [defineModel('a', () => '4')];
      expect(() => createEnsemble({ models, [name]: 'yes' })).toThrow(
        `createEnsemble: option "${name}" must be`,
      );
      await expect(createEnsemble({ models }).predict('?', { [name]: {} })).rejects.toThrow(
        `predict: "${name}" is an option of createEnsemble, for all predictions`,
      );
    },
  );
});

describe('a call that a policy holds back', () => {
  const priced: Pricing = { priceOf: () => ({ usd: 0.4 }), countTokens: (text) => text.length };
  const held: Readonly<Record<string, Partial<EnsembleOptions>>> = {
    'in a line': { concurrency: 1 },
    'by a rate': { rateLimit: 60 },
    'by a budget': { budget: { perPredictionUsd: 0.5, maxOutputTokens: 1 } },
  };

  it.each(Object.keys(held))('%s has cost nothing when its prediction is over, and is not made', (how) => {
    new TestScheduler(() => {}).run(({ flush }) => {
      let asked = 0;
      const hung = (id: string): Model => ({
        id,
        provider: 'x',
        call: () => {
          asked += 1;
          return NEVER;
        },
      });
      const models = ['a', 'b', 'c'].map(hung);
      const ensemble = createEnsemble({ models, pricing: priced, deadlineMs: 5, ...(held[how] as object) });
      let ends: unknown;
      ensemble.predict$('?').subscribe({
        error: ({ outcomes }) => {
          ends = outcomes;
        },
      });
      flush();
      expect(ends).toMatchObject([
        { status: 'cancelled', costUsd: 0.4, costSource: 'estimated' },
        { status: 'cancelled', costUsd: 0, costSource: 'reported' },
        { status: 'cancelled', costUsd: 0, costSource: 'reported' },
      ]);
      expect(asked).toBe(1);
    });
  });

  it('until the time of another one is over has its own time, and no circuit opens for it', () => {
    new TestScheduler(() => {}).run(({ flush }) => {
      const at = (id: string, answer$: Observable<ModelResponse>): Model => ({
        id,
        provider: 'x',
        call: () => answer$,
      });
      const ensemble = createEnsemble({
        models: [at('hung', NEVER), at('well', of({ text: '4' }))],
        concurrency: 1,
        circuitBreaker: { minimumCalls: 1 },
        timeoutMs: 5,
        minResponses: 1,
      });
      const ends: unknown[] = [];
      concat(ensemble.predict$('?'), ensemble.predict$('?')).subscribe(({ metadata }) =>
        ends.push(...metadata.missing.map(({ model, reason }) => `${model}: ${reason}`)),
      );
      flush();
      expect(ends).toStrictEqual(['hung: TimeoutError', 'hung: CircuitOpenError']);
    });
  });

  it('while the cache is looked into, or another one answers it, has cost nothing either', async () => {
    const { model } = inTurn('a', NEVER);
    const ensemble = createEnsemble({ models: [model], cache: true, pricing: priced, deadlineMs: 20 });
    const failures = await Promise.all([1, 2].map(() => ensemble.predict('?').catch((error) => error)));
    expect(failures.map(({ outcomes }) => outcomes[0].costUsd).toSorted()).toStrictEqual([0, 0.4]);
  });
});
