import { NEVER, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { ConfigError, createEnsemble, defineModel, type Model } from '../../src/index.ts';
import { budget, cache, retry, spendingCap } from '../../src/policies/policies.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { pricing } from './budget-calls.ts';

const apiKey = 'k';
const limited = (maxOutputTokens?: number): Model => ({
  ...defineModel('a', () => '4'),
  ...(maxOutputTokens !== undefined && { maxOutputTokens }),
});

describe('the most tokens that a call may write', () => {
  it.each<readonly [what: string, model: number | undefined, budget: number | undefined, most: number]>([
    ['of the model alone', 300, undefined, 300],
    ['of the budget alone', undefined, 400, 400],
    ['of both, the smaller of the model', 300, 400, 300],
    ['of both, the smaller of the budget', 400, 300, 300],
  ])('is the limit %s, which is reserved and sent', (_what, own, maxOutputTokens, most) => {
    const cap = spendingCap({ maxUsd: 1 });
    const sent: (number | undefined)[] = [];
    const model: Model = {
      ...limited(own),
      call: (request) => {
        sent.push(request.maxOutputTokens);
        return NEVER;
      },
    };
    const capped = budget({ caps: [cap], maxOutputTokens, pricing })(model);
    capped.call(toRequest('?')).subscribe();
    expect([sent, cap.reservedUsd(), capped.maxOutputTokens]).toStrictEqual([[most], most / 1000, most]);
  });

  it('is the smallest of several budgets, and of the request', () => {
    const sent: (number | undefined)[] = [];
    const model: Model = {
      id: 'a',
      call: (request) => {
        sent.push(request.maxOutputTokens);
        return of({ text: '4' });
      },
    };
    const within = (maxOutputTokens: number) =>
      budget({ caps: [spendingCap({ maxUsd: 1 })], maxOutputTokens, pricing });
    within(300)(within(200)(model)).call(toRequest('?')).subscribe();
    within(200)(within(300)(model)).call(toRequest('?')).subscribe();
    within(300)(model)
      .call({ ...toRequest('?'), maxOutputTokens: 100 })
      .subscribe();
    expect(sent).toStrictEqual([200, 200, 100]);
  });

  it.each<readonly [string, Model, number | undefined]>([
    ['openai', openai('gpt', { apiKey, maxOutputTokens: 50 }), 50],
    ['openai without a limit', openai('gpt', { apiKey }), undefined],
    ['anthropic', anthropic('claude', { apiKey, maxOutputTokens: 50 }), 50],
    ['anthropic by default', anthropic('claude', { apiKey }), 4096],
    ['gemini', gemini('flash', { apiKey, maxOutputTokens: 50 }), 50],
    [
      'google-genai, by its own field',
      googleGenAI('flash', { apiKey, generationConfig: { maxOutputTokens: 60 } }),
      60,
    ],
    [
      'google-genai for three candidates',
      googleGenAI('flash', { apiKey, maxOutputTokens: 60, generationConfig: { candidateCount: 3 } }),
      180,
    ],
    ['openai-compatible', openaiCompatible('llama', { preset: 'ollama', maxOutputTokens: 50 }), 50],
    [
      'openai-compatible by a field of the server',
      openaiCompatible('llama', { preset: 'llamacpp', parameters: { n_predict: 70, max_tokens: 50 } }),
      70,
    ],
    [
      'openai-compatible without end',
      openaiCompatible('llama', { preset: 'llamacpp', parameters: { n_predict: -1 }, maxOutputTokens: 50 }),
      undefined,
    ],
    [
      'openai-compatible for four answers',
      openaiCompatible('llama', { preset: 'vllm', parameters: { n: 4 }, maxOutputTokens: 50 }),
      200,
    ],
  ])('is known of %s, and stays known behind policies', (_what, model, most) => {
    expect(model.maxOutputTokens).toBe(most);
    expect(retry()(cache()(model)).maxOutputTokens).toBe(most);
  });

  it('is missing for all models of an ensemble that have none, in one error before anything is sent', () => {
    let calls = 0;
    const endless = (id: string) =>
      defineModel(id, () => {
        calls += 1;
        return '4';
      });
    const caps = [spendingCap({ maxUsd: 1 })];
    const models = [endless('a'), { ...endless('b'), maxOutputTokens: 5 }, endless('c')];
    const faultsOf = (create: () => unknown): readonly string[] => {
      try {
        create();
      } catch (error) {
        if (error instanceof ConfigError) return error.faults;
      }
      return [];
    };
    const missing = ['a', 'c'].map(
      (id) =>
        `budget: the most that a call of model "${id}" can cost is unknown, because nothing limits its output: set "maxOutputTokens" on the model, or on the budget`,
    );
    expect(faultsOf(() => createEnsemble({ models, pricing, budget: { caps } }))).toStrictEqual(missing);
    expect(faultsOf(() => budget({ caps, pricing })(endless('a')))).toStrictEqual([missing[0]]);
    expect(faultsOf(() => budget({ caps, pricing, maxOutputTokens: 5 })(limited(0)))).toStrictEqual([
      'budget: "maxOutputTokens" of model "a" must be an integer of at least 1, but got 0',
    ]);
    expect(calls).toBe(0);
  });

  it('is missing for models that are chosen by the query', async () => {
    const caps = [spendingCap({ maxUsd: 1 })];
    const ensemble = createEnsemble({ models: () => [limited()], pricing, budget: { caps } });
    await expect(ensemble.predict('?')).rejects.toThrow(
      'the most that a call of model "a" can cost is unknown',
    );
  });
});

describe('a cap over a router that bills another account', () => {
  it('counts what the provider behind it takes: three calls of $0.036 under $0.10, and no fourth', async () => {
    const usage = {
      prompt_tokens: 9171,
      completion_tokens: 113,
      cost: 0,
      is_byok: true,
      cost_details: { upstream_inference_cost: 0.036 },
    };
    let calls = 0;
    const fetch = async (): Promise<Response> => {
      calls += 1;
      const message = { role: 'assistant', content: '42' };
      return Response.json({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage });
    };
    const cap = spendingCap({ maxUsd: 0.1 });
    const model = openaiCompatible('m', { preset: 'openrouter', apiKey, fetch, maxOutputTokens: 500 });
    const ensemble = createEnsemble({
      models: [model],
      pricing: { ...pricing, priceOf: () => undefined },
      budget: { caps: [cap], onUnknownPrice: 'allow' },
    });
    for (let question = 0; question < 10; question += 1) await ensemble.predict('?').catch(() => {});
    expect(calls).toBe(3);
    expect(cap.spentUsd()).toBeCloseTo(0.108, 9);
  });
});
