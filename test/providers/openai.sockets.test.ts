import { type FaultServer, json, startFaultServer } from 'crucible-ensemble/testing';
import OpenAI from 'openai';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { ConfigError, type Model, type ModelRequest, type ModelResponse } from '../../src/index.ts';
import { type OpenAIOptions, openai } from '../../src/providers/openai.ts';

const USAGE = { prompt_tokens: 11, completion_tokens: 2 };

const completion = (rest: object = {}): object => ({
  choices: [{ index: 0, message: { role: 'assistant', content: '391' }, finish_reason: 'stop', ...rest }],
  usage: USAGE,
});

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
  server.script(json(completion()));
});

afterEach(() => {
  vi.unstubAllEnvs();
  return server.close();
});

const ask = (model: Model, request: Partial<ModelRequest> = {}): Promise<ModelResponse> =>
  lastValueFrom(model.call({ ...toRequest('What is 17 * 23?'), ...request })) as Promise<ModelResponse>;

const local = (options: OpenAIOptions = {}): Model =>
  openai('gpt-6-luna', { apiKey: 'a key', baseURL: `${server.baseURL}/v1`, ...options });

const sent = (): unknown => server.requests[0]?.json();

describe('openai', () => {
  it('names the model after the provider, or as it is told', () => {
    expect(local()).toMatchObject({ id: 'openai/gpt-6-luna', provider: 'openai', modelId: 'gpt-6-luna' });
    expect(local({ id: 'luna' }).id).toBe('luna');
  });

  it('sends the question, and no parameter that is not set', async () => {
    await ask(local());
    expect(sent()).toEqual({
      model: 'gpt-6-luna',
      messages: [{ role: 'user', content: 'What is 17 * 23?' }],
    });
    expect(server.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer a key' },
    });
  });

  it('sends what is set', async () => {
    await ask(
      local({ maxOutputTokens: 64, temperature: 0.5, reasoningEffort: 'none', confidence: 'logprobs' }),
    );
    expect(sent()).toMatchObject({
      max_completion_tokens: 64,
      temperature: 0.5,
      reasoning_effort: 'none',
      logprobs: true,
    });
  });

  it('takes the confidence from the probabilities of tokens', async () => {
    server.script(json(completion({ logprobs: { content: [{ token: '391', logprob: -0.1 }] } })));
    const { confidence, confidenceSource, meanLogprob } = await ask(local({ confidence: 'logprobs' }));
    expect(confidence).toBeCloseTo(Math.exp(-0.1), 12);
    expect(confidenceSource).toBe('logprobs');
    expect(meanLogprob).toBe(-0.1);
  });

  it('asks for the usage of a stream', async () => {
    // A server that cannot stream answers with JSON.
    expect((await ask(local(), { wantsDeltas: true })).text).toBe('391');
    expect(sent()).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('keeps the key out of the properties of the model', () => {
    expect(JSON.stringify(local({ apiKey: 'sk-secret' }))).not.toContain('sk-secret');
  });

  it('asks through a client of the caller, without its retries', async () => {
    const client = new OpenAI({ apiKey: 'a key', baseURL: `${server.baseURL}/v1`, maxRetries: 5 });
    expect((await ask(openai('gpt-6-luna', { client }))).text).toBe('391');
    server.script(json({}, { status: 503 }));
    await expect(ask(openai('gpt-6-luna', { client }))).rejects.toThrow('503');
    expect(server.requests).toHaveLength(2);
  });

  it('ends a body at the cap that it is given', async () => {
    server.script(json(completion({ padding: 'x'.repeat(2000) })));
    expect((await ask(local({ maxResponseBytes: 4000 }))).text).toBe('391');
    await expect(ask(local({ maxResponseBytes: 1000 }))).rejects.toThrow('maxResponseBytes');
  });

  it('tells a quota that is used up from requests that come too fast', async () => {
    server.script(json({ error: { message: 'no', code: 'insufficient_quota' } }, { status: 429 }));
    await expect(ask(local())).rejects.toMatchObject({
      name: 'RateLimitError',
      isRetryable: false,
      message:
        "openai/gpt-6-luna: the quota is used up (429 insufficient_quota): check the account's plan and billing",
    });
  });

  it('lists all that is wrong with its options, and sends nothing', () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    const make = (): Model =>
      openai('', { temperature: 3, maxOutputTokens: 0, baseURL: 'localhost', n: 2 } as object);
    expect(make).toThrow(ConfigError);
    try {
      make();
    } catch (error) {
      expect((error as ConfigError).faults).toEqual([
        'openai: option "temperature" must be a number from 0 to 2, but got 3',
        'openai: option "maxOutputTokens" must be an integer of at least 1, but got 0',
        'openai: there is no option "n"; the options are id, apiKey, baseURL, client, maxOutputTokens, maxResponseBytes, fetch, api, temperature, reasoningEffort, reasoningSummary, confidence, finish, parameters',
        'openai: option "modelId" must be a string that is not empty, but got ""',
        'openai: option "baseURL" must be an absolute URL with http: or https:, such as http://localhost:8000/v1',
        'openai: there is no key: set OPENAI_API_KEY, or pass option "apiKey"',
      ]);
    }
    expect(server.requests).toHaveLength(0);
  });

  it('says in one sentence that the key is missing', () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    expect(() => openai('gpt-6-luna')).toThrow(
      /^openai: there is no key: set OPENAI_API_KEY, or pass option "apiKey"$/,
    );
  });

  it.each([
    ['no object', null],
    ['a client that is none', { client: {} }],
    ['a key for a client that has its own', { client: { chat: {} }, apiKey: 'a key' }],
    ['a confidence that it cannot give', { apiKey: 'a key', confidence: 'stated' }],
  ])('refuses %s', (_what, options) => {
    expect(() => openai('gpt-6-luna', options as OpenAIOptions)).toThrow(ConfigError);
  });

  it('tells a host that does not exist', async () => {
    const model = local({ baseURL: 'http://nowhere.invalid/v1' });
    await expect(ask(model)).rejects.toMatchObject({ name: 'ConnectionError', isRetryable: true });
  });

  it('says what to install if the SDK is missing, at the first call', async () => {
    vi.doMock('openai', () => {
      throw new Error('not found');
    });
    await expect(ask(local())).rejects.toThrow(
      'openai/gpt-6-luna: cannot import "openai": install it (npm install openai), or pass a client',
    );
    vi.doUnmock('openai');
    expect((await ask(local())).text).toBe('391');
  });
});
