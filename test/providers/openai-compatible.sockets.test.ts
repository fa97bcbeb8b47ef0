import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AuthenticationError,
  ConfigError,
  ConnectionError,
  InvalidRequestError,
  MalformedResponseError,
  type ModelError,
  ProviderError,
  RateLimitError,
} from '../../src/domain/errors.ts';
import type { ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble } from '../../src/ensemble.ts';
import { PRESETS, type PresetName, presetAccess } from '../../src/providers/openai-compatible/presets.ts';
import { type OpenAICompatibleOptions, openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { eventStream, type FaultServer, json, startFaultServer } from '../../src/testing/testing.ts';

const completion = (choice: object, rest: object = {}): object => ({
  id: 'chatcmpl-1',
  choices: [{ index: 0, message: { role: 'assistant', content: '391' }, finish_reason: 'stop', ...choice }],
  ...rest,
});

const chunk = (delta: object, rest: object = {}): { data: string } => ({
  data: JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason: null, ...rest }] }),
});

const FINISHED = chunk({}, { finish_reason: 'stop' });
const DONE = { data: '[DONE]' };

interface Heard {
  readonly deltas: string[];
  readonly response?: ModelResponse;
  readonly error?: ModelError;
}

const ask = (options: OpenAICompatibleOptions, request: Partial<ModelRequest> = {}): Promise<Heard> =>
  new Promise((resolve) => {
    const deltas: string[] = [];
    let response: ModelResponse | undefined;
    openaiCompatible('llama3.2', options)
      .call({ ...toRequest('What is 17 * 23?'), ...request })
      .subscribe({
        next: (value: ModelResponse | ModelDelta) => {
          if ('delta' in value) deltas.push(value.delta);
          else response = value;
        },
        error: (error: ModelError) => resolve({ deltas, error }),
        complete: () => resolve({ deltas, ...(response && { response }) }),
      });
  });

/** A `fetch` that keeps what it was asked, and answers at once. */
const recordingFetch = () => {
  const requests: { url: string; headers: Record<string, string>; body: Record<string, unknown> }[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    requests.push({
      url: String(url),
      headers: init?.headers as Record<string, string>,
      body: JSON.parse(String(init?.body)) as Record<string, unknown>,
    });
    return Response.json(completion({}));
  };
  return { fetch, requests };
};

/** The one request that a model of these options makes. */
const requestOf = async (options: OpenAICompatibleOptions, request?: Partial<ModelRequest>) => {
  const { fetch, requests } = recordingFetch();
  expect((await ask({ ...options, fetch }, request)).error).toBeUndefined();
  expect(requests).toHaveLength(1);
  return requests[0] ?? expect.fail('no request');
};

const faultsOf = (options: unknown, modelId: unknown = 'm'): readonly string[] => {
  try {
    openaiCompatible(modelId as string, options as OpenAICompatibleOptions);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

const noKeys = (): void => {
  for (const preset of Object.values(PRESETS)) {
    for (const variable of presetAccess(preset).keyVariables) vi.stubEnv(variable, undefined);
  }
};

beforeEach(noKeys);
afterEach(() => void vi.unstubAllEnvs());

const schema = {
  type: 'object',
  properties: { product: { type: 'number' } },
  required: ['product'],
  additionalProperties: false,
};

describe('a preset', () => {
  const usage = { stream_options: { include_usage: true } };

  // preset, URL, environment variable, fields of a stream, field of the limit, response format, logprobs
  it.each<[PresetName, string, string | undefined, object, string, string | undefined, unknown]>([
    ['ollama', 'http://localhost:11434/v1', undefined, usage, 'max_tokens', 'json_schema', true],
    ['vllm', 'http://localhost:8000/v1', undefined, usage, 'max_tokens', 'json_schema', true],
    ['lmstudio', 'http://localhost:1234/v1', undefined, usage, 'max_tokens', 'json_schema', undefined],
    ['llamacpp', 'http://localhost:8080/v1', undefined, usage, 'max_tokens', 'json_schema', true],
    [
      'openrouter',
      'https://openrouter.ai/api/v1',
      'OPENROUTER_API_KEY',
      {},
      'max_tokens',
      'json_schema',
      true,
    ],
    [
      'groq',
      'https://api.groq.com/openai/v1',
      'GROQ_API_KEY',
      usage,
      'max_completion_tokens',
      'json_object',
      undefined,
    ],
    ['together', 'https://api.together.xyz/v1', 'TOGETHER_API_KEY', usage, 'max_tokens', 'json_schema', 1],
    [
      'fireworks',
      'https://api.fireworks.ai/inference/v1',
      'FIREWORKS_API_KEY',
      usage,
      'max_tokens',
      'json_schema',
      true,
    ],
    ['deepseek', 'https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY', usage, 'max_tokens', 'json_object', true],
    ['mistral', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY', {}, 'max_tokens', 'json_schema', undefined],
    ['xai', 'https://api.x.ai/v1', 'XAI_API_KEY', usage, 'max_completion_tokens', 'json_schema', true],
  ])('%s knows its server', async (preset, baseURL, variable, streamed, limit, format, logprobs) => {
    if (variable !== undefined) vi.stubEnv(variable, 'key-from-the-environment');
    const plain = await requestOf({ preset, maxOutputTokens: 9 });
    expect(plain.url).toBe(`${baseURL}/chat/completions`);
    expect(plain.headers.authorization).toBe(variable && 'Bearer key-from-the-environment');
    expect(plain.body).toEqual({
      model: 'llama3.2',
      messages: [{ role: 'user', content: 'What is 17 * 23?' }],
      [limit]: 9,
    });
    const { body } = await requestOf({ preset }, { wantsDeltas: true });
    expect(body).toMatchObject({ stream: true, ...streamed });
    expect('stream_options' in body).toBe('stream_options' in streamed);

    const answer = await requestOf({ preset }, { answerSchema: schema });
    expect(answer.body.response_format).toMatchObject({ type: format });

    if (logprobs === undefined) {
      expect(faultsOf({ preset, confidence: 'logprobs' })).toEqual([
        `openaiCompatible: option "confidence" must not be 'logprobs': ${preset} returns no probabilities`,
      ]);
    } else {
      const { body: confident } = await requestOf({ preset, confidence: 'logprobs' });
      expect(confident.logprobs).toBe(logprobs);
    }

    const { id, provider, modelId } = openaiCompatible('llama3.2', { preset });
    expect({ id, provider, modelId }).toEqual({
      id: `${preset}/llama3.2`,
      provider: preset,
      modelId: 'llama3.2',
    });
  });

  it('azure asks its v1 API, with the key in a header of its own', async () => {
    const options = { preset: 'azure', resource: 'my-place', apiKey: 'k', maxOutputTokens: 9 } as const;
    const { url, headers, body } = await requestOf({ ...options, deployment: 'mine' });
    expect(url).toBe('https://my-place.openai.azure.com/openai/v1/chat/completions');
    expect(headers['api-key']).toBe('k');
    expect(headers.authorization).toBeUndefined();
    expect(body).toMatchObject({ model: 'mine', max_completion_tokens: 9 });
    expect((await requestOf(options)).body.model).toBe('llama3.2');
  });

  it('azure asks a deployment of an API version', async () => {
    vi.stubEnv('AZURE_OPENAI_API_KEY', 'from-the-environment');
    const { url, headers } = await requestOf({
      preset: 'azure',
      resource: 'my-place',
      deployment: 'my model',
      apiVersion: '2024-10-21',
    });
    expect(url).toBe(
      'https://my-place.openai.azure.com/openai/deployments/my%20model/chat/completions?api-version=2024-10-21',
    );
    expect(headers['api-key']).toBe('from-the-environment');
  });

  it('azure takes a token of another kind in the place of a key', async () => {
    const { headers } = await requestOf({
      preset: 'azure',
      resource: 'r',
      headers: { Authorization: 'Bearer token' },
    });
    expect(headers).toMatchObject({ authorization: 'Bearer token' });
    expect(headers['api-key']).toBeUndefined();
  });
});

describe('a key', () => {
  it('from the environment goes to no host but that of the preset', async () => {
    vi.stubEnv('GROQ_API_KEY', 'key-of-groq');
    const { url, headers } = await requestOf({ preset: 'groq', baseURL: 'http://elsewhere.example/v1' });
    expect(url).toBe('http://elsewhere.example/v1/chat/completions');
    expect(JSON.stringify(headers)).not.toContain('key-of-groq');
  });

  it('that is passed goes to the base URL that is passed', async () => {
    const { headers } = await requestOf({ baseURL: 'http://elsewhere.example/v1', apiKey: 'mine' });
    expect(headers.authorization).toBe('Bearer mine');
  });

  it('that is missing is one sentence', () => {
    for (const apiKey of [undefined, '']) {
      expect(faultsOf({ preset: 'groq', apiKey })).toEqual([
        'openaiCompatible: there is no key: set GROQ_API_KEY, or pass option "apiKey"',
      ]);
    }
  });

  it('is in no fault, whatever is wrong with it and wherever it was put', () => {
    const canary = 'sk-canary-41';
    for (const options of [
      { preset: 'groq', apiKey: `${canary}\n` },
      { preset: 'groq', apiKey: `${canary}\u2028` },
      { preset: 'groq', apiKey: [canary] },
      { preset: 'groq', headers: canary },
      { preset: 'groq', headers: { 'x-key': `${canary}\r\n` } },
      { baseURL: `http://user:${canary}@localhost/v1` },
      { baseURL: `user:${canary}` },
      { baseURL: canary },
      { preset: 'azure', resource: `${canary}.example/#` },
    ]) {
      const faults = faultsOf(options);
      expect(faults).not.toEqual([]);
      expect(faults.join('\n')).not.toContain(canary);
    }
  });

  it('is not in the model', async () => {
    const { inspect } = await import('node:util');
    const model = openaiCompatible('m', { preset: 'groq', apiKey: 'sk-canary-41' });
    expect(inspect(model, { depth: 9, showHidden: true })).not.toContain('canary');
    expect(JSON.stringify(model)).not.toContain('canary');
  });
});

describe('options that cannot work', () => {
  it('are listed all at once', () => {
    const faults = faultsOf(
      {
        preset: 'unknown',
        baseURL: 'ftp://localhost',
        temperature: 3,
        maxOutputTokens: 0,
        answerFormat: 'xml',
        parameters: { now: 1n },
        dispatcher: {},
        colour: 'red',
        headers: { Host: 'other.example', 'x y': '1', 'x-ok': 7 },
        resource: 'r',
      },
      '',
    );
    for (const part of [
      'option "modelId" must be a string that is not empty',
      "option \"preset\" must be 'openai', 'ollama', 'vllm'",
      'option "baseURL" must be an absolute URL with http: or https:',
      'option "temperature" must be a number from 0 to 2, but got 3',
      'option "maxOutputTokens" must be an integer of at least 1',
      'option "answerFormat" must be',
      'option "parameters" must be an object that JSON can express',
      'option "dispatcher" must be an undici Dispatcher',
      'there is no option "colour"',
      'option "headers" must not set "Host"',
      'option "headers" has the invalid name "x y"',
      'header "x-ok" must be a string of Latin-1 characters without line breaks',
      `options "resource", "deployment" and "apiVersion" require preset 'azure'`,
    ]) {
      expect(faults.filter((fault) => fault.includes(part))).toHaveLength(1);
    }
  });

  it.each([
    [{}, 'there is no base URL: pass option "baseURL"'],
    [{ preset: 'azure', apiKey: 'k' }, 'there is no base URL: pass option "resource"'],
    [{ baseURL: 'http://u:p@localhost/v1' }, 'must not contain a user name or a password'],
    [{ baseURL: 'http://localhost/v1#here' }, 'must not contain a fragment'],
    [{ preset: 'azure', apiKey: 'k', resource: 'r', baseURL: 'http://localhost' }, 'exclude each other'],
    [{ preset: 'ollama', fetch, dispatcher: new Agent() }, 'exclude each other'],
    [null, 'expected an options object'],
  ])('say what is wrong: %#', (options, part) => {
    expect(faultsOf(options).filter((fault) => fault.includes(part))).toHaveLength(1);
  });
});

describe('what is sent', () => {
  const baseURL = 'http://localhost:9/v1/';

  it('goes below the base URL as it was given, with its query', async () => {
    expect((await requestOf({ baseURL })).url).toBe('http://localhost:9/v1/chat/completions');
    const { url } = await requestOf({ baseURL: 'https://proxy.example/llm?team=a' });
    expect(url).toBe('https://proxy.example/llm/chat/completions?team=a');
  });

  it('has the parameters that were set, and keeps the question', async () => {
    const { body } = await requestOf(
      { baseURL, temperature: 0, parameters: { seed: 7 } },
      { system: 'Be terse.' },
    );
    expect(body).toEqual({
      seed: 7,
      temperature: 0,
      model: 'llama3.2',
      messages: [
        { role: 'system', content: 'Be terse.' },
        { role: 'user', content: 'What is 17 * 23?' },
      ],
    });
  });

  it('takes no parameters that would change the question', () => {
    expect(faultsOf({ baseURL, parameters: { model: 'another', messages: [], stream: true } })).toEqual([
      'openaiCompatible: option "parameters" must not have "model": give the model as the first argument',
      'openaiCompatible: option "parameters" must not have "messages": they are those of the query',
      'openaiCompatible: option "parameters" must not have "stream": use stream(query)',
    ]);
  });

  it('sends the schema of an answer if the server supports it', async () => {
    const { body } = await requestOf({ baseURL }, { answerSchema: schema });
    expect(body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema, strict: true },
    });
    expect(body.messages).toHaveLength(1);
  });

  it.each([
    ['json_object', schema, { type: 'json_object' }],
    ['none', schema, undefined],
    // No server takes a schema for anything but an object.
    ['json_schema', { type: 'string' }, undefined],
    ['json_object', { type: 'string' }, undefined],
  ] as const)('asks in words where it cannot: %s', async (answerFormat, answerSchema, format) => {
    const { body } = await requestOf({ baseURL, answerFormat }, { answerSchema, system: 'Be terse.' });
    expect(body.response_format).toEqual(format);
    const [system] = body.messages as { role: string; content: string }[];
    expect(system?.role).toBe('system');
    expect(system?.content).toMatch(/^Be terse\.\n\nAnswer with JSON alone/);
    expect(system?.content).toContain(JSON.stringify(answerSchema));
  });
});

describe('what comes back', () => {
  let server: FaultServer;
  const options = (): OpenAICompatibleOptions => ({ baseURL: `${server.baseURL}/v1` });

  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.close());

  it('comes over undici, which is found on Node', async () => {
    server.script(json(completion({})));
    expect((await ask(options())).response?.text).toBe('391');
    expect(server.requests[0]?.headers['user-agent']).toBe('crucible-ensemble');
  });

  it("comes over the caller's own dispatcher or fetch", async () => {
    server.script(json(completion({})));
    const dispatcher = new Agent();
    expect((await ask({ ...options(), dispatcher })).response?.text).toBe('391');
    await dispatcher.close();
    expect((await ask({ ...options(), fetch })).response?.text).toBe('391');
    expect(server.requests[1]?.headers['user-agent']).toBe('node');
  });

  it('has the id of the answer if no header has a request id', async () => {
    server.script(json(completion({})));
    expect((await ask(options())).response?.requestId).toBe('chatcmpl-1');
    server.script(eventStream([chunk({ content: '391' }), FINISHED, DONE]));
    expect((await ask(options(), { wantsDeltas: true })).response?.requestId).toBe('chatcmpl-1');
  });

  it('has a confidence if token probabilities were requested and returned', async () => {
    const content = [{ logprob: -0.1 }, { logprob: -0.3 }];
    const confident = { ...options(), confidence: 'logprobs' } as const;
    server.script(json(completion({ logprobs: { content } })));
    const whole = (await ask(confident)).response;
    expect(whole?.meanLogprob).toBeCloseTo(-0.2, 12);
    expect(whole?.confidence).toBeCloseTo(Math.exp(-0.2), 12);
    expect(whole?.confidenceSource).toBe('logprobs');

    const pieces = content.map((one) => chunk({ content: 'a' }, { logprobs: { content: [one] } }));
    server.script(eventStream([...pieces, FINISHED, DONE]));
    expect((await ask(confident, { wantsDeltas: true })).response?.confidence).toBeCloseTo(
      Math.exp(-0.2),
      12,
    );

    server.script(json(completion({})));
    expect((await ask(confident)).response).not.toHaveProperty('confidence');
  });

  it('has the cost that OpenRouter reports, and no other server', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 2, cost: 0.00042 };
    server.script(json(completion({}, { usage })));
    const openrouter = { ...options(), preset: 'openrouter', apiKey: 'k' } as const;
    expect((await ask(openrouter)).response?.costUsd).toBe(0.00042);
    expect((await ask(options())).response).not.toHaveProperty('costUsd');
    const last = { data: JSON.stringify({ choices: [], usage }) };
    server.script(eventStream([chunk({ content: '391' }), FINISHED, last, DONE]));
    const { response } = await ask(openrouter, { wantsDeltas: true });
    expect(response).toMatchObject({ costUsd: 0.00042, usage: { inputTokens: 10, outputTokens: 2 } });
  });

  it('is the text among parts, and the thoughts apart from it', async () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hmm.' }] },
      { type: 'text', text: '39' },
      { type: 'text', text: '1' },
    ];
    server.script(json(completion({ message: { content } })));
    const read = { text: '391', reasoning: 'Hmm.' };
    expect((await ask(options())).response).toMatchObject(read);
    server.script(eventStream([chunk({ content }), FINISHED, DONE]));
    const { deltas, response } = await ask(options(), { wantsDeltas: true });
    expect([deltas, response]).toMatchObject([['Hmm.', '391'], read]);
  });

  it('is a whole answer from a server that does not stream', async () => {
    server.script(json(completion({})));
    const { deltas, response } = await ask(options(), { wantsDeltas: true });
    expect([deltas, response?.text]).toEqual([[], '391']);
  });

  it.each([
    [{ error: { code: 429, message: 'secret prose' } }, RateLimitError, true],
    [{ error: { code: 502, message: 'secret prose' } }, ProviderError, true],
    [{ error: { code: 400, message: 'secret prose' } }, InvalidRequestError, false],
    [{ error: { code: 'overloaded' } }, ProviderError, true],
    [{ error: { code: 'insufficient_quota' } }, RateLimitError, false],
    [{ error: { code: 'rate_limit_exceeded', type: 'tokens' } }, RateLimitError, true],
    [{ error: { code: 'invalid_api_key', type: 'invalid_request_error' } }, AuthenticationError, false],
    [{ error: { code: null, type: 'authentication_error' } }, AuthenticationError, false],
    [{ error: 'Rate limit exceeded, secret prose' }, RateLimitError, true],
    [{ error: 'secret prose' }, ProviderError, true],
    [
      { object: 'error', message: 'secret prose', type: 'NotFoundError', code: 404 },
      InvalidRequestError,
      false,
    ],
    [{ code: 'rate_limit_exceeded', message: 'secret prose' }, RateLimitError, true],
    [[{ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }], RateLimitError, true],
    [completion({ error: { code: 503, message: 'secret prose' } }), ProviderError, true],
    [completion({ finish_reason: 'error' }), ProviderError, true],
    [completion({ finish_reason: 'insufficient_system_resource' }), ProviderError, true],
    [completion({ finish_reason: 'network_error' }), ProviderError, true],
    [completion({ finish_reason: 'ABORT' }), ProviderError, true],
  ])('is a typed error where a 200 has one in it: %j', async (served, type, isRetryable) => {
    server.script(json(served));
    const { error } = await ask(options());
    expect(error).toBeInstanceOf(type);
    // The reply began with 200, so what it cost is not known.
    expect(error).toMatchObject({ isRetryable, status: 200 });
    expect(error?.costUsd).toBeUndefined();
    expect(error?.message).not.toContain('secret');
    const part = JSON.parse(JSON.stringify(served).replace('"message":{', '"delta":{')) as object;
    server.script(eventStream([chunk({ content: '3' }), { data: JSON.stringify(part) }, FINISHED, DONE]));
    const streamed = await ask(options(), { wantsDeltas: true });
    expect(streamed.error).toBeInstanceOf(type);
    expect(streamed.deltas).toEqual(['3']);
  });

  it('is an answer once the server says that it is done, though the connection breaks or stays open', async () => {
    for (const ending of ['end', 'reset', 'stall'] as const) {
      server.script(eventStream([chunk({ content: '391' }), FINISHED, DONE], { ending }));
      expect((await ask(options(), { wantsDeltas: true })).response?.text).toBe('391');
    }
    // A connection that is left open by the server is closed by us.
    await server.requests.at(-1)?.abandoned;
  });

  it('is an answer with a finish reason and the end of the body, or a connection that stays open', async () => {
    for (const ending of ['end', 'stall'] as const) {
      server.script(eventStream([chunk({ content: '391' }), FINISHED], { ending }));
      expect((await ask(options(), { wantsDeltas: true })).response?.text).toBe('391');
    }
    await server.requests.at(-1)?.abandoned;
  });

  it('is no answer if the connection breaks before the server says that it is done', async () => {
    server.script(eventStream([chunk({ content: '391' }), FINISHED], { ending: 'reset' }));
    const { error } = await ask(options(), { wantsDeltas: true });
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error?.isRetryable).toBe(true);
  });

  it('is no answer when the server says that it is done, and the model never did', async () => {
    server.script(eventStream([chunk({ content: '391' }), DONE]));
    const { error } = await ask(options(), { wantsDeltas: true });
    expect(error).toBeInstanceOf(MalformedResponseError);
  });

  it('counts a stream by its bytes, and ends it at the cap', async () => {
    const events = Array.from({ length: 500 }, () => chunk({ content: 'x'.repeat(100) }));
    server.script(eventStream([...events, FINISHED, DONE]));
    const { error } = await ask({ ...options(), maxResponseBytes: 10_000 }, { wantsDeltas: true });
    expect(error?.name).toBe('ResponseTooLargeError');
  });
});

describe('connections', () => {
  let server: Server;
  const sockets = new Set<object>();
  let requests = 0;
  let kill = false;

  beforeEach(async () => {
    sockets.clear();
    requests = 0;
    kill = false;
    server = createServer((request, response) => {
      sockets.add(request.socket);
      requests += 1;
      request.resume().on('end', () => {
        if (kill) request.socket.resetAndDestroy();
        else response.end(JSON.stringify(completion({})));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );

  const options = (): OpenAICompatibleOptions => ({
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  });

  it('are kept and shared by all models of a host, whatever their keys', async () => {
    for (const apiKey of ['a', 'b', 'c']) {
      await ask({ ...options(), apiKey });
      // A connection is free again when the end of its last answer has been dealt with.
      await nextTurn();
    }
    expect([requests, sockets.size]).toEqual([3, 1]);
  });

  it('are kept after a refusal, too', async () => {
    server.prependListener('request', (_request, response) => {
      if (requests === 0) response.statusCode = 429;
    });
    expect((await ask(options())).error).toBeInstanceOf(RateLimitError);
    await nextTurn();
    expect((await ask(options())).response?.text).toBe('391');
    expect(sockets.size).toBe(1);
  });

  it('that break when they are used again are retryable errors, and nothing is sent twice', async () => {
    await ask(options());
    await nextTurn();
    kill = true;
    const { error } = await ask(options());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error?.isRetryable).toBe(true);
    expect([requests, sockets.size]).toEqual([2, 1]);
    kill = false;
    expect((await ask(options())).response?.text).toBe('391');
  });

  it('that cannot be made are retryable errors that say why, in a word', async () => {
    const { port } = server.address() as AddressInfo;
    const failures = {
      ENOTFOUND: ['http://nowhere.invalid/v1', 'check the host name in "baseURL", and the network'],
      ERR_SSL_WRONG_VERSION_NUMBER: [
        `https://127.0.0.1:${port}/v1`,
        'the server has no TLS, so use http: in "baseURL"',
      ],
      'ECONNREFUSED 127.0.0.1:1': [
        'http://127.0.0.1:1/v1',
        'check that the server is running, and "baseURL"',
      ],
    } as const;
    for (const [word, [baseURL, hint]] of Object.entries(failures)) {
      const { error } = await ask({ baseURL });
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error?.isRetryable).toBe(true);
      expect(error?.message).toBe(`openai-compatible/llama3.2: the connection failed (${word}): ${hint}`);
    }
    expect(requests).toBe(0);
  });

  it('serve many calls at the same time', async () => {
    const calls = await Promise.all(Array.from({ length: 50 }, () => ask(options())));
    expect(calls.every(({ response }) => response?.text === '391')).toBe(true);
    expect(requests).toBe(50);
  });
});

describe('an ensemble of servers', () => {
  it('votes on what they say', async () => {
    const server = await startFaultServer();
    server.script(
      json(completion({})),
      json(completion({})),
      json(completion({ message: { content: 'It is 400.' } })),
    );
    const models = ['a', 'b', 'c'].map((name) => openaiCompatible(name, { baseURL: `${server.baseURL}/v1` }));
    const { metadata } = await createEnsemble({ models, normalization: 'numeric' }).predict('17 * 23?');
    expect(metadata.votes).toEqual({ 391: 2, 400: 1 });
    await server.close();
  });
});
