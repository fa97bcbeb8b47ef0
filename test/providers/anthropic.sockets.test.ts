import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { type FaultServer, json, startFaultServer } from 'crucible-ensemble/testing';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { ConfigError, type Model, type ModelRequest, type ModelResponse } from '../../src/index.ts';
import { type AnthropicOptions, anthropic } from '../../src/providers/anthropic.ts';
import { anthropic as dialect } from '../../src/testing/dialects/anthropic.ts';
import { encodeEvents } from '../../src/testing/replies.ts';
import { endOfResponse } from './end-of-response.ts';

const message = (rest: object = {}): object => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: '391' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 11, output_tokens: 2 },
  ...rest,
});

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
  server.script(json(message()));
});

afterEach(() => {
  vi.unstubAllEnvs();
  return server.close();
});

const ask = (model: Model, request: Partial<ModelRequest> = {}): Promise<ModelResponse> =>
  lastValueFrom(model.call({ ...toRequest('What is 17 * 23?'), ...request })) as Promise<ModelResponse>;

const local = (options: AnthropicOptions = {}): Model =>
  anthropic('claude-haiku-4-5', { apiKey: 'a key', baseURL: server.baseURL, ...options });

const sent = (): unknown => server.requests[0]?.json();

describe('anthropic', () => {
  it('names the model after the provider, or as it is told', () => {
    expect(local()).toMatchObject({
      id: 'anthropic/claude-haiku-4-5',
      provider: 'anthropic',
      modelId: 'claude-haiku-4-5',
    });
    expect(local({ id: 'haiku' }).id).toBe('haiku');
  });

  it('sends the question, the number of tokens that the API asks for, and nothing else', async () => {
    await ask(local());
    expect(sent()).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 4096,
      messages: [{ role: 'user', content: 'What is 17 * 23?' }],
    });
    expect(server.requests[0]).toMatchObject({
      path: '/v1/messages',
      headers: { authorization: 'Bearer a key' },
    });
  });

  it('sends what is set', async () => {
    await ask(local({ maxOutputTokens: 64, effort: 'low' }), { system: 'Be terse.' });
    expect(sent()).toMatchObject({
      max_tokens: 64,
      system: 'Be terse.',
      output_config: { effort: 'low' },
    });
  });

  it('asks for an answer that fits a schema, beside the effort', async () => {
    const answerSchema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] };
    await ask(local({ effort: 'low' }), { answerSchema });
    expect(sent()).toMatchObject({
      output_config: {
        effort: 'low',
        format: { type: 'json_schema', schema: { ...answerSchema, additionalProperties: false } },
      },
    });
  });

  it('can ask for more tokens than the SDK lets pass without a deadline', async () => {
    expect((await ask(local({ maxOutputTokens: 64_000 }))).text).toBe('391');
  });

  it('sends no other key than its own', async () => {
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'a token of the environment');
    await ask(local({ apiKey: 'a key' }));
    expect(server.requests[0]?.headers.authorization).toBe('Bearer a key');
    vi.unstubAllEnvs();
  });

  it('asks through a client of the caller, without its retries', async () => {
    const client = new Anthropic({ apiKey: 'a key', baseURL: server.baseURL, maxRetries: 5 });
    expect((await ask(anthropic('claude-haiku-4-5', { client }))).text).toBe('391');
    server.script(json({}, { status: 529 }));
    await expect(ask(anthropic('claude-haiku-4-5', { client }))).rejects.toThrow('529');
    expect(server.requests).toHaveLength(2);
  });

  it('ends a body at the cap that it is given', async () => {
    server.script(json(message({ padding: 'x'.repeat(2000) })));
    expect((await ask(local({ maxResponseBytes: 4000 }))).text).toBe('391');
    await expect(ask(local({ maxResponseBytes: 1000 }))).rejects.toThrow('maxResponseBytes');
  });

  it('lists all that is wrong with its options, and sends nothing', () => {
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    const make = (): Model =>
      anthropic('', { maxOutputTokens: 1.5, effort: 'none', temperature: 0.5 } as object);
    expect(make).toThrow(ConfigError);
    try {
      make();
    } catch (error) {
      expect((error as ConfigError).faults).toEqual([
        'anthropic: option "maxOutputTokens" must be an integer of at least 1, but got 1.5',
        `anthropic: option "effort" must be 'low', 'medium', 'high', 'xhigh', 'max', but got "none"`,
        'anthropic: there is no option "temperature"; the options are id, apiKey, baseURL, client, maxOutputTokens, maxResponseBytes, fetch, effort, parameters',
        'anthropic: option "modelId" must be a string that is not empty, but got ""',
        'anthropic: there is no key: set ANTHROPIC_API_KEY, or pass option "apiKey"',
      ]);
    }
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['no object', null],
    ['a client that is none', { client: {} }],
    ['an address for a client that has its own', { client: { messages: {} }, baseURL: 'http://localhost' }],
  ])('refuses %s', (_what, options) => {
    expect(() => anthropic('claude-haiku-4-5', options as AnthropicOptions)).toThrow(ConfigError);
  });

  it('tells a host that does not exist', async () => {
    const model = local({ baseURL: 'http://nowhere.invalid' });
    await expect(ask(model)).rejects.toMatchObject({ name: 'ConnectionError', isRetryable: true });
  });

  it('uses the connection again after a stream that ended in time', async () => {
    let finish = (): void => undefined;
    const connections = new Set<unknown>();
    const counting = createServer((request, response) => {
      connections.add(request.socket);
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(encodeEvents(dialect.events({ text: 'an answer' })));
      finish = () => response.end();
    });
    await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
    // A stream that does not end soon is closed; on a busy machine, it would be too late by chance.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const model = local({ baseURL: `http://127.0.0.1:${(counting.address() as AddressInfo).port}` });
      for (let time = 0; time < 3; time += 1) {
        const end = endOfResponse();
        expect((await ask(model, { wantsDeltas: true })).text).toBe('an answer');
        finish();
        await end;
      }
      expect(connections.size).toBe(1);
    } finally {
      vi.useRealTimers();
      counting.closeAllConnections();
      await new Promise((resolve) => counting.close(resolve));
    }
  });

  it('says what to install if the SDK is missing, at the first call', async () => {
    vi.doMock('@anthropic-ai/sdk', () => {
      throw new Error('not found');
    });
    await expect(ask(local())).rejects.toThrow(
      'anthropic/claude-haiku-4-5: cannot import "@anthropic-ai/sdk": install it (npm install @anthropic-ai/sdk), or pass a client',
    );
    vi.doUnmock('@anthropic-ai/sdk');
    expect((await ask(local())).text).toBe('391');
  });
});
