import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAutoEnsemble, modelOf, type PanelMember } from '../../src/auto/auto.ts';
import { defineModel, simulated } from '../../src/index.ts';
import { faultsOf } from '../faults-of.ts';

// What stands for a model: a name, a name with options, a name of one's own, a model; in a panel, in a function of the
// query, in an override.

beforeEach(() => {
  for (const name of ['OPENAI', 'ANTHROPIC', 'GEMINI', 'GOOGLE', 'GROQ', 'MISTRAL']) {
    vi.stubEnv(`${name}_API_KEY`, '');
  }
});
afterEach(() => vi.unstubAllEnvs());

const answering = (id: string, text: string) => defineModel(id, () => text);

describe('a name with options', () => {
  it('keeps the name, the provider and the settings', () => {
    const settings = { temperature: 0.2, maxOutputTokens: 64 };
    const model = modelOf({ model: 'openai_gpt4o', apiKey: 'key', settings });
    expect(model).toMatchObject({
      id: 'openai_gpt4o',
      provider: 'openai',
      modelId: 'gpt-6.1-terra',
      maxOutputTokens: 64,
      settings,
    });
  });

  it('states the tokens of all answers that it asks for', () => {
    const settings = { maxOutputTokens: 64, parameters: { n: 3 } };
    expect(modelOf({ model: 'groq/any', apiKey: 'key', settings }).maxOutputTokens).toBe(192);
  });

  it('refuses a price that would price no call, and says where it belongs', () => {
    const price = { inputPerMillionUsd: 1, outputPerMillionUsd: 2 };
    const names = { mine: { model: 'qwen3', baseURL: 'http://127.0.0.1:9/v1', price } };
    const fault = (id: string) =>
      `modelOf: the price of "${id}" has no effect in a model alone: pass pricing: genaiPrices({ overrides: { "${id}": price } }) to the ensemble or the experiment`;
    expect(faultsOf(() => modelOf(names.mine))).toEqual([fault('qwen3')]);
    expect(faultsOf(() => modelOf('mine', { names }))).toEqual([fault('mine')]);
    const { price: _, ...unpriced } = names.mine;
    expect(modelOf(unpriced).id).toBe('qwen3');
  });

  it.each([
    [{ models: 'openai/gpt-6-luna' }, /models/],
    [{ models: [defineModel('a', () => '')], samples: 0 }, /samples/],
    [{ models: [defineModel('a', () => '')], samples: 0, minResponses: 2 }, /samples/],
  ])('reports one fault for one slip: %j', (options, fault) => {
    expect(faultsOf(() => createAutoEnsemble(options as never))).toEqual([expect.stringMatching(fault)]);
  });

  it('is known to give no confidence as the model itself is, so that a cascade of such names is refused', () => {
    const keys = { apiKeys: { openai: 'k', anthropic: 'k', google: 'k', mistral: 'k' } };
    const execution = 'cascade';
    const silent = ['anthropic_haiku', 'gemini_flash', 'mistral/any'];
    expect(() => createAutoEnsemble({ ...keys, models: silent, execution })).toThrow(
      'cascade: no model of the panel gives a confidence',
    );
    for (const confidence of [
      { model: 'anthropic_opus', confidence: 'stated' },
      { model: 'google/any', confidence: 'logprobs' },
      { model: 'any', baseURL: 'http://127.0.0.1:9/v1' },
    ] as const)
      expect(() => createAutoEnsemble({ ...keys, models: [...silent, confidence], execution })).not.toThrow();
  });

  it('may have another id, so that one model is a member twice', () => {
    const models = [0, 1].map((temperature) => ({
      model: 'ollama/llama3.2',
      id: `at ${temperature}`,
      settings: { temperature },
    }));
    expect(() => createAutoEnsemble({ models })).not.toThrow();
    const again = models.map(({ model }) => model);
    expect(faultsOf(() => createAutoEnsemble({ models: again }))).toEqual([
      expect.stringContaining(
        'option "models" must have each id once, but has "ollama/llama3.2" more than once',
      ),
    ]);
  });

  it.each<[string, PanelMember, string]>([
    ['without a name', {} as never, 'option "model" is missing'],
    ['with an unknown name', { model: 'gpt_4o' }, 'there is no model "gpt_4o"'],
    ['with a slip', { model: 'ollama/a', setings: {} } as never, 'did you mean "settings"?'],
    [
      'with a setting of another provider',
      { model: 'anthropic_opus', apiKey: 'key', settings: { temperature: 0 } },
      'the model "anthropic_opus": settings: there is no option "temperature"; the options are maxOutputTokens, maxResponseBytes, effort',
    ],
    [
      'with an invalid setting',
      { model: 'gemini_flash', apiKey: 'key', settings: { temperature: 3 } },
      'settings: option "temperature" must be a number from 0 to 2, but got 3',
    ],
    [
      'with a setting without effect',
      { model: 'ollama/a', settings: { api: 'responses', finish: 'optional' } },
      `settings: option "finish" requires api: 'chat'`,
    ],
    [
      'with probabilities that its provider does not return',
      { model: 'mistral/any', apiKey: 'key', confidence: 'logprobs' },
      `option "confidence" must not be 'logprobs', because mistral returns no probabilities: use 'stated'`,
    ],
    [
      'with a bad address',
      { model: 'ollama/a', baseURL: 'here' },
      'option "baseURL" must be an absolute URL',
    ],
    [
      'with half a price',
      { model: 'ollama/a', price: { inputPerMillionUsd: 1 } as never },
      'price: option "outputPerMillionUsd" is missing',
    ],
    ['that is neither', 7 as never, 'expected a model, its name, or { model: name }, but got 7'],
  ])('%s is refused', (_, member, fault) => {
    const models = [member];
    expect(faultsOf(() => createAutoEnsemble({ models }))).toEqual([expect.stringContaining(fault)]);
    expect(faultsOf(() => modelOf(member))).toEqual([expect.stringContaining(fault)]);
  });

  it('never shows its key', () => {
    const apiKey = 'sk-canary-1234567890';
    const spec = { model: 'openai_gpt4o', apiKey, id: apiKey, settings: { temperature: 7 } };
    const { model } = { model: modelOf({ model: 'openai_gpt4o', apiKey }) };
    expect(JSON.stringify([model, faultsOf(() => modelOf(spec))])).not.toContain('canary');
  });

  it('asks no other host with a key that was given for its provider', () => {
    const member = { model: 'anthropic/any', baseURL: 'http://stranger.example' };
    const options = { models: [member], apiKeys: { anthropic: 'key' } };
    expect(faultsOf(() => createAutoEnsemble(options))).toEqual([
      expect.stringContaining('there is no key for anthropic at this base URL'),
    ]);
    expect(faultsOf(() => createAutoEnsemble({ models: [{ ...member, apiKey: 'key' }] }))).toEqual([]);
  });
});

describe('a name of one’s own', () => {
  const wise = answering('anything', '42');

  it('stands for a model, whose name it becomes', async () => {
    const ensemble = createAutoEnsemble({ models: ['wise'], names: { wise } });
    const { outcomes } = await ensemble.predict('?');
    expect(outcomes.map(({ model }) => model)).toEqual(['wise']);
  });

  it('stands for a name with options, which can be changed one by one', () => {
    const names = {
      local: {
        model: 'qwen3',
        baseURL: 'http://127.0.0.1:9/v1',
        settings: { temperature: 1, maxOutputTokens: 9 },
      },
      cool: { model: 'local', settings: { temperature: 0 } },
    };
    expect(modelOf('cool', { names })).toMatchObject({
      id: 'cool',
      provider: 'openai-compatible',
      modelId: 'qwen3',
      settings: { temperature: 0, maxOutputTokens: 9 },
    });
  });

  it('takes no options that the model has already', () => {
    const member = { model: 'wise', settings: { temperature: 0 } };
    expect(faultsOf(() => modelOf(member, { names: { wise } }))).toEqual([
      expect.stringContaining('the model "wise": there is no option "settings"'),
    ]);
  });

  it('cannot stand for itself', () => {
    const names = { a: 'b', b: { model: 'a' } };
    expect(faultsOf(() => modelOf('a', { names }))).toEqual([
      'modelOf: names: "a" stands for itself; give it a model',
    ]);
  });

  it('is checked before it is used', () => {
    const names = { broken: { model: 'openai/a' } };
    expect(faultsOf(() => createAutoEnsemble({ models: [wise], names }))).toEqual([
      'createAutoEnsemble: there is no key for openai: set OPENAI_API_KEY, or pass apiKeys.openai',
    ]);
  });

  it('has the price that it states, before that of the list', async () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 2_000_000 };
    const metered = defineModel('metered', () => ({ text: 'yes', usage }));
    const price = { inputPerMillionUsd: 1, outputPerMillionUsd: 10 };
    const options = { models: ['mine'], names: { mine: { model: 'base', price }, base: metered } };
    expect((await createAutoEnsemble(options).predict('?')).metadata.costUsd).toBe(21);
    expect(faultsOf(() => createAutoEnsemble({ ...options, pricing: false }))).toEqual([
      expect.stringContaining('has no effect with pricing: false'),
    ]);
  });

  it('states its confidence if it is asked to', async () => {
    const unsure = answering('unsure', '{"answer": "Paris", "confidence": 0.6}');
    const models = [{ model: 'unsure', confidence: 'stated' as const }];
    const { answer, metadata } = await createAutoEnsemble({ models, names: { unsure } }).predict('?');
    expect({ answer, confidence: metadata.confidence }).toEqual({ answer: 'paris', confidence: 0.6 });
  });
});

describe('names that are chosen later', () => {
  const names = { one: answering('x', '1'), two: answering('y', '2') };

  it('come from a function of the query', async () => {
    const models = (query: unknown) => [String(query)];
    const ensemble = createAutoEnsemble({ names, models });
    const answers = await Promise.all(
      ['one', 'two'].map(async (name) => (await ensemble.predict(name)).answer),
    );
    expect(answers).toEqual(['1', '2']);
  });

  it('come as an override of every kind of prediction', async () => {
    const ensemble = createAutoEnsemble({ names, models: ['one'] });
    const overrides = { models: ['two'] };
    expect((await ensemble.predict('?', overrides)).answer).toBe('2');
    expect((await lastValueFrom(ensemble.predict$('?', overrides))).answer).toBe('2');
    expect(await lastValueFrom(ensemble.stream('?', overrides))).toMatchObject({
      prediction: { answer: '2' },
    });
    for await (const { answer } of ensemble.predictAll(['?'], { ...overrides, onError: 'throw' }))
      expect(answer).toBe('2');
    expect((await ensemble.predict('?', { models: () => [{ model: 'two' }] })).answer).toBe('2');
    expect((await ensemble.predict('?')).answer).toBe('1');
  });

  it('reject with the fault of a wrong one, as a fault of the configuration', async () => {
    const ensemble = createAutoEnsemble({ names, models: (query) => [String(query)] });
    await expect(ensemble.predict('thre')).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('createAutoEnsemble: models(query): there is no model'),
    });
    await expect(ensemble.predict('one', { models: ['tow'] })).rejects.toMatchObject({ name: 'ConfigError' });
    // @ts-expect-error: what JavaScript can pass
    await expect(ensemble.predict('one', { models: async () => ['one'] })).rejects.toThrow('a promise');
  });

  it('are the same model each time, so that its cache answers', async () => {
    let calls = 0;
    const counted = defineModel('counted', () => `${++calls}`);
    const ensemble = createAutoEnsemble({
      names: { counted },
      models: () => [{ model: 'counted', confidence: 'stated' }],
      cache: true,
    });
    const first = await ensemble.predict('?');
    expect((await ensemble.predict('?')).answer).toBe(first.answer);
    expect(calls).toBe(1);
  });

  it('warn about a shutdown once', async () => {
    const warnings: string[] = [];
    const ensemble = createAutoEnsemble({
      models: () => ['openai/gpt-4', simulated({ id: 'sure', accuracy: 1 })],
      apiKeys: { openai: 'key' },
      baseURLs: { openai: 'http://127.0.0.1:9' },
      onWarning: (warning) => warnings.push(warning),
      execution: 'sequential',
      earlyStop: () => true,
      minResponses: 1,
    });
    await Promise.allSettled([ensemble.predict('1 + 1'), ensemble.predict('2 + 2')]);
    expect(warnings).toEqual([expect.stringContaining('openai/gpt-4 was shut down')]);
  });
});
