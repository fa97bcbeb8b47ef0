import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CatalogModel,
  catalog,
  createAutoEnsemble,
  lifecycleWarning,
  predict,
  predictStream,
} from '../../src/auto/auto.ts';
import { createEnsemble, defineModel, numeric, weighted } from '../../src/index.ts';
import { openai } from '../../src/providers/openai.ts';
import { faultsOf } from '../faults-of.ts';

const keys = { google: 'g-key', openai: 'o-key', anthropic: 'a-key' };
const yes = defineModel('yes', () => 'yes');

beforeEach(() => {
  for (const variable of ['OPENAI', 'ANTHROPIC', 'GEMINI', 'GOOGLE', 'GROQ']) {
    vi.stubEnv(`${variable}_API_KEY`, '');
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('createAutoEnsemble', () => {
  it('lists every missing key once, with the variable that holds it', () => {
    expect(faultsOf(() => createAutoEnsemble())).toEqual([
      'createAutoEnsemble: there is no key for google: set GEMINI_API_KEY or GOOGLE_API_KEY, or pass apiKeys.google',
      'createAutoEnsemble: there is no key for openai: set OPENAI_API_KEY, or pass apiKeys.openai',
      'createAutoEnsemble: there is no key for anthropic: set ANTHROPIC_API_KEY, or pass apiKeys.anthropic',
    ]);
    expect(faultsOf(() => createAutoEnsemble({ models: ['openai/a', 'openai/b'] }))).toHaveLength(1);
  });

  it('lists every fault of every kind at once', () => {
    const options = {
      models: ['gemini_flsh', 'opnai/gpt-4o', 'openai_gpt4o', 'azure/gpt-4o'],
      apiKeys: { anthropic: '', azure: 'key', elsewhere: 'key' },
      baseURLs: { openai: 'not an address' },
      pricing: true,
      onWarning: 'console',
      timeoutMs: -1,
      minResponses: 5,
      earlystop: 'decided',
    };
    // @ts-expect-error: what JavaScript can pass
    expect(faultsOf(() => createAutoEnsemble(options))).toEqual([
      expect.stringContaining('option "onWarning" must be a function'),
      expect.stringContaining('apiKeys: option "anthropic" must be a string that is not empty'),
      expect.stringContaining('apiKeys: there is no option "elsewhere"; the options are openai, anthropic'),
      expect.stringContaining('baseURLs: option "openai" must be an absolute URL'),
      'createAutoEnsemble: there is no model "gemini_flsh"; did you mean "gemini_flash"?',
      'createAutoEnsemble: there is no provider "opnai"; did you mean "openai"?',
      expect.stringContaining('there is no key for openai'),
      'createAutoEnsemble: there is no base URL for azure: pass baseURLs.azure, the address of your resource',
      expect.stringContaining('option "timeoutMs" must be'),
      expect.stringContaining('there is no option "earlystop"'),
      expect.stringContaining('option "pricing" must be'),
      expect.stringContaining('option "minResponses" must be at most the calls of the panel, 4, but got 5'),
    ]);
  });

  it('rejects options that are not an object', () => {
    // @ts-expect-error: what JavaScript can pass
    expect(faultsOf(() => createAutoEnsemble(null))).toEqual([
      'createAutoEnsemble: expected an options object, but got null',
    ]);
  });

  it.each([[['a', 7]], [[]], ['openai/gpt-6-luna'], [[undefined]]])('refuses the panel %j', (models) => {
    // @ts-expect-error: what JavaScript can pass
    expect(faultsOf(() => createAutoEnsemble({ models }))).not.toEqual([]);
  });

  it('never says a key that it was given', () => {
    const apiKeys = { openai: 'sk-canary', elsewhere: 'sk-canary' };
    const faults = faultsOf(() => createAutoEnsemble({ apiKeys, models: ['nothing'], timeoutMs: 0 }));
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain('canary');
  });

  it('takes keys from the environment', () => {
    vi.stubEnv('OPENAI_API_KEY', 'o-key');
    vi.stubEnv('ANTHROPIC_API_KEY', 'a-key');
    vi.stubEnv('GOOGLE_API_KEY', 'g-key');
    expect(faultsOf(() => createAutoEnsemble())).toEqual([]);
  });

  it('needs no key for a server of one’s own, nor for another in the place of a known one', () => {
    expect(faultsOf(() => createAutoEnsemble({ models: ['ollama/llama3.2'] }))).toEqual([]);
    expect(faultsOf(() => createAutoEnsemble({ models: ['groq/llama-3.3-70b-versatile'] }))).toHaveLength(1);
    expect(
      faultsOf(() =>
        createAutoEnsemble({
          models: ['groq/llama-3.3-70b-versatile'],
          baseURLs: { groq: 'http://localhost:8080/v1' },
        }),
      ),
    ).toEqual([]);
  });

  it('takes models beside names, and names them all as they were named', async () => {
    const ensemble = createAutoEnsemble({ models: [yes, 'openai_gpt4o'], apiKeys: keys, minResponses: 1 });
    const { metadata } = await ensemble.predict('Is it?', { earlyStop: () => true });
    expect(metadata.votes).toEqual({ yes: 1 });
    const weights = { yes: 1, openai_gpt4o: 2 };
    expect(() =>
      createAutoEnsemble({ models: [yes, 'openai_gpt4o'], apiKeys: keys, strategy: weighted({ weights }) }),
    ).not.toThrow();
  });

  it('prices calls by default, unless pricing is off', async () => {
    const response = { text: 'yes', usage: { inputTokens: 1_000_000, outputTokens: 0 } };
    const opus = {
      ...defineModel('opus', () => response),
      provider: 'anthropic',
      modelId: 'claude-opus-5-5',
    };
    expect((await predict('Is it?', { models: [opus] })).metadata.costUsd).toBe(4);
    const unpriced = await predict('Is it?', { models: [opus], pricing: false });
    expect(unpriced.metadata).toMatchObject({ costUsd: undefined, costSource: 'unknown' });
  });

  it('types the answer by the normalization', async () => {
    const models = [defineModel('a', () => '391')];
    const answer: number = (await predict('What?', { models, normalization: 'numeric' })).answer;
    const own: number = (await predict('What?', { models, normalization: numeric })).answer;
    const text: string = (await predict('What?', { models })).answer;
    const twice = (await predict('What?', { models, normalization: (said) => said.length * 2 })).answer;
    expect([answer, own, text, twice satisfies number]).toEqual([391, 391, '391', 6]);
  });

  it('hands on a signal that ends the prediction', async () => {
    const never = defineModel('never', () => new Promise<string>(() => undefined));
    const signal = AbortSignal.abort();
    await expect(predict('What?', { models: [never], signal })).rejects.toThrow('cancelled');
  });

  it('streams what happens', async () => {
    const types: string[] = [];
    for await (const { type } of predictStream('Is it?', { models: [yes] })) types.push(type);
    expect(types).toEqual(['call-start', 'call-end', 'response', 'consensus', 'complete']);
  });

  it('is an ensemble like any other', async () => {
    const inner = createAutoEnsemble({ models: [yes] });
    const { answer } = await createEnsemble({ models: [inner.asModel(), yes] }).predict('Is it?');
    expect(answer).toBe('yes');
  });
});

describe('the warnings of the catalog', () => {
  const past: CatalogModel | undefined = catalog.find(({ modelId }) => modelId === 'gemini-2.0-flash');
  const name = `google/${past?.modelId}`;
  const expected = lifecycleWarning(name, new Date());

  it('go to onWarning, once for a model', () => {
    const warnings: string[] = [];
    const onWarning = (warning: string): void => {
      warnings.push(warning);
    };
    createAutoEnsemble({ models: [name, 'openai_gpt4o', yes], apiKeys: keys, onWarning });
    expect(expected).toBe(`${name} was shut down on 2026-06-01: use google/gemini-3.5-flash-lite`);
    expect(warnings).toEqual([expected]);
  });

  it('are about models as well as about names', () => {
    const onWarning = vi.fn();
    createAutoEnsemble({ models: [openai('gpt-4', { apiKey: 'key', id: 'old' })], onWarning });
    expect(onWarning.mock.calls).toEqual([
      ['openai/gpt-4 was shut down on 2026-10-23: use openai/gpt-6.1-sol'],
    ]);
  });

  it('go to the console otherwise, once in a process', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    createAutoEnsemble({ models: [name], apiKeys: keys });
    createAutoEnsemble({ models: [name], apiKeys: keys });
    expect(warn.mock.calls).toEqual([[`crucible-ensemble: ${expected}`]]);
  });

  it('are none for an ensemble that cannot be', () => {
    const onWarning = vi.fn();
    expect(faultsOf(() => createAutoEnsemble({ models: [name], onWarning }))).toHaveLength(1);
    expect(onWarning).not.toHaveBeenCalled();
  });
});
