import { firstValueFrom, NEVER, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  abstain,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type Model,
  type ModelRequest,
  type ModelResponse,
} from '../../src/index.ts';
import { cache, circuitBreaker, fallback, isUnusable, retry } from '../../src/policies/policies.ts';

/** A model that gives these answers one after the other, then the last one for ever. */
const inTurn = (id: string, ...answers: readonly (string | ModelResponse)[]) => {
  const requests: ModelRequest[] = [];
  const model = defineModel(id, (_prompt, { request }) => {
    requests.push(request);
    return answers[Math.min(requests.length, answers.length) - 1] as string;
  });
  return { model, requests };
};

const ask = async (models: readonly Model[], options: Partial<EnsembleOptions> = {}) => {
  const { outcomes, metadata } = await createEnsemble({
    models,
    minResponses: 1,
    ...options,
  } as EnsembleOptions)
    .predict('What is 6 * 7?')
    .catch((error) => ({ outcomes: error.outcomes, metadata: undefined }));
  return { outcomes, metadata };
};

/** Responses that do not count, and the options under which they do not. */
const uncounted: readonly (readonly [string, string | ModelResponse, Partial<EnsembleOptions>])[] = [
  ['empty', '', {}],
  ['cut', { text: '4', finishReason: 'length' }, {}],
  ['filtered', { text: '4', finishReason: 'content-filter' }, {}],
  ['unreadable', 'no idea', { normalization: 'numeric' }],
  ['abstained by a function', '41', { normalization: (text) => (text === '42' ? 42 : abstain('no')) }],
  ['refused by a check', '41', { check: (answer) => answer === '42' }],
  ['refused by a check with a reason', '41', { check: (answer) => answer === '42' || 'not it' }],
  ['refused by a check that takes time', '41', { check: async (answer) => answer === '42' }],
];

describe.each(uncounted)('a response that is %s', (_what, response, options) => {
  it('abstains', async () => {
    const { outcomes } = await ask([inTurn('a', response).model], options);
    expect(outcomes).toMatchObject([{ status: 'abstained' }]);
  });

  it('is repeated by a retry of what is unusable', async () => {
    const { model, requests } = inTurn('a', response, '42');
    const policy = retry({ shouldHandle: isUnusable, baseDelayMs: 0 });
    expect((await ask([policy(model)], options)).outcomes).toMatchObject([
      { status: 'answered', attempts: [{ error: { name: 'UnusableResponseError' } }] },
    ]);
    expect(requests).toHaveLength(2);
  });

  it('is passed over by a fallback from what is unusable', async () => {
    const models = [
      fallback('either', [inTurn('a', response).model, inTurn('b', '42').model], {
        shouldHandle: isUnusable,
      }),
    ];
    expect((await ask(models, options)).outcomes).toMatchObject([{ status: 'answered' }]);
  });

  it('opens a circuit of what is unusable', async () => {
    const { model, requests } = inTurn('a', response);
    const policy = circuitBreaker({ shouldHandle: isUnusable, minimumCalls: 2 });
    const models = [policy(model)];
    const ensemble = createEnsemble({ models, ...options } as EnsembleOptions);
    for (let call = 0; call < 4; call += 1) await ensemble.predict('?').catch(() => undefined);
    expect(requests).toHaveLength(2);
  });

  it('is not kept by a cache, so that it is asked for again', async () => {
    const { model, requests } = inTurn('a', response, '42');
    const ensemble = createEnsemble({ models: [model], cache: true, ...options } as EnsembleOptions);
    await ensemble.predict('?').catch(() => undefined);
    const { outcomes } = await ensemble.predict('?');
    expect(outcomes).toMatchObject([{ status: 'answered' }]);
    await ensemble.predict('?');
    expect(requests).toHaveLength(2);
  });

  it('is not taken from a store that another rule has filled', async () => {
    const kept = new Map<string, ModelResponse>();
    const store = {
      get: (key: string) => kept.get(key),
      set: (key: string, value: ModelResponse) => void kept.set(key, value),
    };
    const { model, requests } = inTurn('a', response, '42');
    const models = [cache({ store })(model)];
    await createEnsemble({ models, acceptUnfinished: true })
      .predict('?')
      .catch(() => undefined);
    const { outcomes } = await createEnsemble({ models, ...options } as EnsembleOptions).predict('?');
    expect(outcomes).toMatchObject([{ status: 'answered' }]);
    expect(requests).toHaveLength(2);
  });
});

describe('check', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sees the answer, the query and the response, and is asked once for each response', async () => {
    const seen: unknown[] = [];
    const { model } = inTurn('a', { text: '42', reasoning: 'six sevens' });
    const policies = [retry({ shouldHandle: isUnusable }), circuitBreaker(), cache()];
    const stacked = policies.reduce((inner, policy) => policy(inner), model);
    await ask([stacked], {
      normalization: 'numeric',
      check: async (answer, { query, response }) => {
        seen.push([answer, query.prompt, response.reasoning]);
        return true;
      },
    });
    expect(seen).toStrictEqual([[42, 'What is 6 * 7?', 'six sevens']]);
  });

  it('may be set for one prediction', async () => {
    const ensemble = createEnsemble({ models: [inTurn('a', '41').model] });
    expect((await ensemble.predict('?')).answer).toBe('41');
    await expect(ensemble.predict('?', { check: () => 'too small' })).rejects.toThrow(
      'a abstained: too small',
    );
  });

  it.each([
    [
      'throws',
      () => {
        throw new RangeError('secret');
      },
      'check threw RangeError',
    ],
    ['rejects', () => Promise.reject(new TypeError('secret')), 'check threw TypeError'],
    ['returns nothing', () => undefined, 'check must return true, false or a reason, but returned undefined'],
    ['resolves to a number', async () => 7, 'check must return true, false or a reason, but returned 7'],
    ['never comes back', () => new Promise(() => undefined), 'check had no result within 1000 ms'],
  ])('that %s refuses the answer, and says so', async (_what, check, reason) => {
    const { model } = inTurn('a', '42');
    const asked = ask([model], { check: check as never, timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(2000);
    expect((await asked).outcomes).toMatchObject([{ status: 'abstained', reason }]);
  });

  it('has its own time after that of the model', async () => {
    const slow = defineModel(
      'slow',
      () => new Promise<string>((resolve) => setTimeout(() => resolve('42'), 900)),
    );
    const check = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 900));
    const asked = ask([slow], { check, timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(3000);
    expect((await asked).outcomes).toMatchObject([{ status: 'answered' }]);
  });

  it('that runs when the prediction ends leaves the cost of the response in the account', async () => {
    const { model } = inTurn('a', { text: '42', costUsd: 0.25 });
    const models = [model, defineModel('b', () => '42')];
    const check = (_answer: unknown, { response }: { response: ModelResponse }) =>
      response.costUsd === undefined || new Promise<boolean>(() => undefined);
    const asked = ask(models, {
      check: check as never,
      execution: 'parallel',
      earlyStop: 0.5,
      minResponses: 1,
    });
    await vi.advanceTimersByTimeAsync(10);
    expect((await asked).outcomes).toMatchObject([
      { status: 'cancelled', costUsd: 0.25, costSource: 'reported' },
      { status: 'answered' },
    ]);
  });

  it('with an early stop at the first answer is best of N', async () => {
    const models = ['40', '41', '42', '43'].map((text, index) => inTurn(`m${index}`, text).model);
    const { metadata } = await ask(models, {
      check: (answer) => answer === '42',
      execution: 'sequential',
      earlyStop: ({ votes }) => Object.keys(votes).length > 0,
    });
    expect(metadata).toMatchObject({ votes: { 42: 1 }, modelsUsed: ['m0', 'm1', 'm2'] });
  });

  it('ends with a stream, too', async () => {
    const ensemble = createEnsemble({ models: [inTurn('a', '42').model], check: async () => true });
    const types: string[] = [];
    for await (const { type } of ensemble.stream('?')) types.push(type);
    expect(types).toContain('complete');
  });

  it('is cancelled with its prediction', async () => {
    const ensemble = createEnsemble({
      models: [inTurn('a', '42').model],
      check: () => firstValueFrom(NEVER),
    });
    const controller = new AbortController();
    const asked = ensemble.predict('?', { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'CancelledError' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('retry with tellReason', () => {
  it('asks again with the answer and the reason, and counts both calls', async () => {
    const { model, requests } = inTurn('a', { text: 'forty', costUsd: 1 }, { text: '42', costUsd: 2 });
    const policy = retry({ shouldHandle: isUnusable, tellReason: true, baseDelayMs: 0 });
    const { outcomes, metadata } = await ask([policy(model)], {
      normalization: 'numeric',
      check: (n) => n === 42,
    });
    expect(requests[1]?.messages).toStrictEqual([
      { role: 'user', content: 'What is 6 * 7?' },
      { role: 'assistant', content: 'forty' },
      { role: 'user', content: expect.stringMatching(/^This answer does not count: .+\. Answer again\.$/) },
    ]);
    expect(outcomes).toMatchObject([{ status: 'answered', costUsd: 3 }]);
    expect(metadata?.costUsd).toBe(3);
  });

  it('tells nothing of an error', async () => {
    let calls = 0;
    const messages: number[] = [];
    const model = defineModel('a', (_prompt, { request }) => {
      calls += 1;
      messages.push(request.messages.length);
      if (calls === 1) throw new Error('down');
      return '42';
    });
    await ask([retry({ shouldHandle: () => true, tellReason: true, baseDelayMs: 0 })(model)]);
    expect(messages).toStrictEqual([1, 1]);
  });
});

describe('the usage of a prediction', () => {
  const reporting = (id: string, text: string, usage: object, more: object = {}): Model => ({
    id,
    call: () => of({ text, usage, ...more }),
  });
  const usage = { inputTokens: 10, outputTokens: 5 };

  it('is the sum of its calls', async () => {
    const models = [reporting('a', '4', usage), reporting('b', '4', { ...usage, reasoningTokens: 3 })];
    expect((await ask(models)).metadata?.usage).toStrictEqual({
      inputTokens: 20,
      outputTokens: 10,
      reasoningTokens: 3,
    });
  });

  it('says that it leaves out calls whose tokens are unknown', async () => {
    const models = [reporting('a', '4', usage), defineModel('b', () => '4')];
    expect((await ask(models)).metadata?.usage).toStrictEqual({ ...usage, isPartial: true });
  });

  it('is absent if no call reports any', async () => {
    expect((await ask([defineModel('b', () => '4')])).metadata).not.toHaveProperty('usage');
  });

  it('has the attempts that were passed over, and no response that was paid for earlier', async () => {
    const { model } = inTurn('a', { text: '', usage }, { text: '4', usage });
    const stacked = cache()(retry({ shouldHandle: isUnusable, baseDelayMs: 0 })(model));
    const ensemble = createEnsemble({ models: [stacked] });
    expect((await ensemble.predict('?')).metadata.usage).toStrictEqual({ inputTokens: 20, outputTokens: 10 });
    expect((await ensemble.predict('?')).metadata).not.toHaveProperty('usage');
  });

  it('goes through an ensemble as a model', async () => {
    const inner = createEnsemble({ models: [reporting('a', '4', usage), reporting('b', '4', usage)] });
    expect((await ask([inner.asModel('in')])).metadata?.usage).toStrictEqual({
      inputTokens: 20,
      outputTokens: 10,
    });
  });
});
