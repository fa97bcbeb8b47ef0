import { inspect } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  type EnsembleOptions,
  type Model,
  type ModelError,
  type NoPredictionError,
} from '../../src/index.ts';
import { fallback, retry } from '../../src/policies/policies.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const SENTENCE = "Unsupported parameter: 'temperature' is not supported with this model.";
const KEY = 'sk-abcdefgh12345678';

/** Models whose provider refuses every request in this way. */
const refusing = (
  status: number,
  body: object,
  headers: Record<string, string> = {},
): Readonly<Record<string, Model>> => {
  const fetch = async () =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });
  return {
    openaiCompatible: openaiCompatible('m', { baseURL: 'http://localhost:1/v1', apiKey: KEY, fetch }),
    openai: openai('m', { client: new OpenAI({ apiKey: KEY, fetch }) }),
    anthropic: anthropic('m', { client: new Anthropic({ apiKey: KEY, fetch }) }),
  };
};

const errorOf = async (model: Model, options: Partial<EnsembleOptions> = {}): Promise<ModelError> => {
  const { outcomes } = await createEnsemble({ ...options, models: [model] } as EnsembleOptions)
    .predict('?')
    .catch((error: NoPredictionError) => error);
  const [outcome] = outcomes;
  if (outcome?.status !== 'failed') throw new Error('the call did not fail');
  return outcome.error;
};

const invalid = {
  error: { type: 'invalid_request_error', code: 'unsupported_parameter', message: SENTENCE },
};

describe.each(Object.keys(refusing(400, {})))('the error of a request that %s refuses', (name) => {
  const modelOf = (...parts: Parameters<typeof refusing>) => refusing(...parts)[name] as Model;

  it('has the code of the provider, and not its sentence', async () => {
    const error = await errorOf(modelOf(400, invalid));
    expect(error.code).toBe('unsupported_parameter');
    expect(error.providerMessage).toBeUndefined();
    expect(inspect(error)).not.toContain(SENTENCE);
  });

  it('has its sentence too if it is debugged, but shows it to nobody who does not ask for it', async () => {
    const error = await errorOf(modelOf(400, invalid), { debug: true });
    expect(error.providerMessage).toBe(SENTENCE);
    expect(Object.keys(error)).not.toContain('providerMessage');
    expect(inspect(error)).not.toContain(SENTENCE);
    expect(JSON.stringify(error)).not.toContain(SENTENCE);
    expect(String(error)).not.toContain(SENTENCE);
  });

  it('has no key in that sentence, and nothing that controls a terminal', async () => {
    const body = { error: { type: 'invalid_request_error', message: `the key ${KEY} is \u001b[31mwrong` } };
    const error = await errorOf(modelOf(400, body), { debug: true });
    expect(error.providerMessage).toContain('the key *** is');
    expect(error.providerMessage).not.toMatch(/\p{Cc}/u);
  });

  it('has its sentence through the policies of an ensemble', async () => {
    const error = await errorOf(modelOf(400, invalid), { debug: true, retry: true, cache: true });
    expect(error.providerMessage).toBe(SENTENCE);
  });

  it.each<readonly [string, (model: Model) => Model, Partial<EnsembleOptions>]>([
    ['by the ensemble', (model) => model, { retry: { maxAttempts: 1 } }],
    ['by a cache around it', (model) => model, { retry: { maxAttempts: 1 }, cache: true }],
    ['by the model', (model) => retry({ maxAttempts: 1 })(model), {}],
    ['by a fallback', (model) => fallback('either', [{ ...model, id: 'a' }]), {}],
  ])('is not told to set retry if it is set: %s', async (_where, wrap, options) => {
    for (const status of [429, 503]) {
      const plain = await errorOf(modelOf(status, {}));
      expect(`${plain.message} ${plain.stack}`).toContain('"retry"');
      const repeated = await errorOf(wrap(modelOf(status, {})), options);
      expect(`${repeated.message} ${repeated.stack}`).not.toContain('"retry"');
      expect(repeated.message).toContain(`(${status})`);
    }
  });
});
