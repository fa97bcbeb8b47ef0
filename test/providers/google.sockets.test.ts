import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { GoogleGenAI } from '@google/genai';
import { GoogleGenerativeAI } from '@google/generative-ai';
import {
  body,
  endlessBody,
  eventStream,
  type FaultServer,
  json,
  startFaultServer,
} from 'crucible-ensemble/testing';
import { lastValueFrom, tap, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ConfigError,
  InvalidRequestError,
  type ModelError,
  RateLimitError,
  ResponseTooLargeError,
} from '../../src/domain/errors.ts';
import type { Model, ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble } from '../../src/ensemble.ts';
import { gemini } from '../../src/providers/gemini.ts';
import type { GoogleOptions } from '../../src/providers/google/options.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { faultsOf } from '../faults-of.ts';
import { unhandledDuring } from '../hooks/unhandled-during.ts';
import { endOfResponse } from './end-of-response.ts';

const MODEL = 'gemini-3.5-flash-lite';
const question = toRequest('What is 17 * 23?');

const hear = (model: Model, request: Partial<ModelRequest> = {}): Promise<(ModelResponse | ModelDelta)[]> =>
  lastValueFrom(model.call({ ...question, ...request }).pipe(toArray()));

const answer = async (model: Model, request?: Partial<ModelRequest>): Promise<ModelResponse> => {
  const last = (await hear(model, request)).at(-1);
  if (last === undefined || 'delta' in last) throw new Error('there is no answer');
  return last;
};

const failure = (model: Model, request?: Partial<ModelRequest>): Promise<ModelError> =>
  hear(model, request).then(
    () => expect.fail('there is an answer'),
    (error: ModelError) => error,
  );

const served = (text: string, rest: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, ...rest }],
  usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 3, totalTokenCount: 12 },
});

const events = (...pieces: readonly string[]) =>
  pieces.map((text, index) => ({
    data: JSON.stringify(served(text, index === pieces.length - 1 ? { finishReason: 'STOP' } : {})),
  }));

/** The same models through both SDKs, made by us, or around a client that the user has made. */
const ways: Readonly<Record<string, (baseURL: string, options?: GoogleOptions) => Model>> = {
  gemini: (baseURL, options) => gemini(MODEL, { apiKey: 'a key', baseURL, ...options }),
  googleGenAI: (baseURL, options) => googleGenAI(MODEL, { apiKey: 'a key', baseURL, ...options }),
  'googleGenAI with a client': (baseURL, options) =>
    googleGenAI(MODEL, {
      client: new GoogleGenAI({
        apiKey: 'a key',
        vertexai: false,
        apiVersion: 'v1beta',
        httpOptions: { baseUrl: baseURL },
      }),
      ...options,
    }),
};

describe.each(Object.entries(ways))('%s', (_name, createModel) => {
  let server: FaultServer;
  let model: Model;

  beforeEach(async () => {
    server = await startFaultServer();
    model = createModel(server.baseURL);
  });

  afterEach(() => server.close());

  it('is named after its provider, and priced by its name there', () => {
    expect(model).toMatchObject({ id: `google/${MODEL}`, provider: 'google', modelId: MODEL });
    expect(createModel(server.baseURL, { id: 'mine' }).id).toBe('mine');
  });

  it('sends the fields of parameters as they are, next to its own', async () => {
    server.script(json(served('391', { finishReason: 'STOP' })));
    const parameters = {
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
      tools: [{ googleSearch: {} }],
      aFieldOfTomorrow: { isNew: true },
    };
    const tools = { look_up: { inputSchema: { type: 'object', properties: {} } } };
    await answer(createModel(server.baseURL, { parameters }), { tools, system: 'Be terse.' });
    expect(server.requests[0]?.json()).toEqual({
      contents: [{ role: 'user', parts: [{ text: question.prompt }] }],
      systemInstruction: { role: expect.any(String), parts: [{ text: 'Be terse.' }] },
      generationConfig: {},
      ...parameters,
      tools: [
        { functionDeclarations: [{ name: 'look_up', parametersJsonSchema: tools.look_up.inputSchema }] },
        { googleSearch: {} },
      ],
    });
  });

  it.each([false, true])('names the tier that served a call, with deltas: %s', async (wantsDeltas) => {
    const isOfSdk = _name !== 'gemini';
    const reply = served('391', { finishReason: 'STOP' });
    const headers = { 'x-gemini-service-tier': 'flex' };
    const serve = (): void =>
      server.script(
        wantsDeltas ? eventStream([{ data: JSON.stringify(reply) }], { headers }) : json(reply, { headers }),
      );
    serve();
    const asked = createModel(server.baseURL, { parameters: { serviceTier: 'flex' } });
    expect((await answer(asked, { wantsDeltas })).usage?.serviceTier).toBe('flex');
    serve();
    const unasked = await answer(createModel(server.baseURL), { wantsDeltas });
    expect(unasked.usage?.serviceTier).toBe(isOfSdk ? 'flex' : undefined);
  });

  it('posts the question to the model, with the key in a header and not in the address', async () => {
    server.script(json(served('391', { finishReason: 'STOP' })));
    await answer(model, { system: 'Be terse.' });
    const [request] = server.requests;
    expect(request?.path).toBe(`/v1beta/models/${MODEL}:generateContent`);
    expect(request?.headers['x-goog-api-key']).toBe('a key');
    expect(request?.json()).toMatchObject({
      contents: [{ role: 'user', parts: [{ text: 'What is 17 * 23?' }] }],
      systemInstruction: { parts: [{ text: 'Be terse.' }] },
    });
  });

  it('requests probabilities, and JSON by a schema', async () => {
    const answerSchema = {
      type: 'object',
      properties: { answer: { type: 'number' } },
      required: ['answer'],
      additionalProperties: false,
    };
    server.script(json(served('{"answer":391}', { finishReason: 'STOP', avgLogprobs: -0.25 })));
    const sure = createModel(server.baseURL, {
      confidence: 'logprobs',
      maxOutputTokens: 64,
      generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
    });
    const { confidence, confidenceSource } = await answer(sure, { answerSchema });
    expect(server.requests[0]?.json()).toMatchObject({
      generationConfig: {
        responseLogprobs: true,
        maxOutputTokens: 64,
        responseMimeType: 'application/json',
        responseJsonSchema: answerSchema,
        thinkingConfig: { thinkingBudget: 0 },
      },
    });
    expect(confidence).toBeCloseTo(Math.exp(-0.25), 12);
    expect(confidenceSource).toBe('logprobs');
  });

  it('takes the confidence of a stream from its last event', async () => {
    server.script(
      eventStream([
        { data: JSON.stringify(served('39')) },
        { data: JSON.stringify(served('1', { finishReason: 'STOP', avgLogprobs: -0.5 })) },
      ]),
    );
    const sure = createModel(server.baseURL, { confidence: 'logprobs' });
    expect((await answer(sure, { wantsDeltas: true })).meanLogprob).toBe(-0.5);
  });

  it('fails if the model rejects the request for probabilities', async () => {
    const refusal = { error: { code: 400, message: 'Logprobs is not enabled', status: 'INVALID_ARGUMENT' } };
    server.script(json(refusal, { status: 400 }));
    const error = await failure(createModel(server.baseURL, { confidence: 'logprobs' }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.message).not.toContain('Logprobs');
  });

  it.each([false, true])('lets a blocked prompt abstain, visibly; as a stream: %s', async (wantsDeltas) => {
    const blocked = {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 },
    };
    server.script(wantsDeltas ? eventStream([{ data: JSON.stringify(blocked) }]) : json(blocked));
    const response = await answer(model, { wantsDeltas });
    expect(response).toMatchObject({ text: '', finishReason: 'content-filter' });
    server.script(json(blocked));
    const error = await createEnsemble({ models: [model] })
      .predict('?')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ outcomes: [{ status: 'abstained' }] });
  });

  it('sends one request, even if another could continue the answer', async () => {
    const half = served('half', { finishReason: 'CONTINUATION', continuationToken: 'more' });
    server.script(json(half));
    expect((await answer(model)).finishReason).toBe('length');
    server.script(eventStream([{ data: JSON.stringify(half) }]));
    expect((await answer(model, { wantsDeltas: true })).finishReason).toBe('length');
    expect(server.requests).toHaveLength(2);
  });

  it('answers at the last event of a stream that is never closed, and closes it', async () => {
    server.script(eventStream(events('39', '1'), { ending: 'stall' }));
    // The server never ends the stream, so the answer and the close can only come from the client.
    expect(await answer(model, { wantsDeltas: true })).toMatchObject({ text: '391', finishReason: 'stop' });
    await (await server.seen(0)).abandoned;
  });

  it('uses the connection again after a stream that was closed in time', async () => {
    let finish = (): void => undefined;
    let connections = 0;
    const counting = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const { data } of events('39', '1')) response.write(`data: ${data}\n\n`);
      finish = () => response.end();
    });
    counting.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
    // A stream that does not end soon is closed; on a busy machine, it would be too late by chance.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const streaming = createModel(`http://127.0.0.1:${(counting.address() as AddressInfo).port}`);
      for (let time = 0; time < 3; time += 1) {
        const end = endOfResponse();
        const output$ = streaming.call({ ...question, wantsDeltas: true });
        // The server ends the stream once its last event has been read.
        await lastValueFrom(
          output$.pipe(tap((output) => 'delta' in output && output.delta === '1' && finish())),
        );
        await end;
      }
      expect(connections).toBe(1);
    } finally {
      vi.useRealTimers();
      counting.closeAllConnections();
      await new Promise((resolve) => counting.close(resolve));
    }
  });

  it('waits for token counts that come after the end of the answer', async () => {
    const [first, last] = events('39', '1');
    const { candidates } = JSON.parse(last?.data ?? '') as { candidates: unknown };
    const { usageMetadata } = served('') as { usageMetadata: unknown };
    server.script(
      eventStream([
        { data: JSON.stringify({ candidates: JSON.parse(first?.data ?? '').candidates }) },
        { data: JSON.stringify({ candidates }) },
        { data: JSON.stringify({ usageMetadata }) },
      ]),
    );
    const { text, usage } = await answer(model, { wantsDeltas: true });
    expect(text).toBe('391');
    expect(usage).toMatchObject({ inputTokens: 9, outputTokens: 3 });
  });

  it.each([false, true])('ends a response at the cap; as a stream: %s', async (wantsDeltas) => {
    const small = createModel(server.baseURL, { maxResponseBytes: 10_000 });
    server.script(endlessBody());
    expect(await failure(small, { wantsDeltas })).toBeInstanceOf(ResponseTooLargeError);
    await server.requests[0]?.abandoned;
    server.script(json(served('short', { finishReason: 'STOP' })));
    expect((await answer(small)).text).toBe('short');
  });

  it('ends a stream of small events at the cap', async () => {
    const small = createModel(server.baseURL, { maxResponseBytes: 10_000 });
    const many = Array.from({ length: 200 }, () => ({ data: JSON.stringify(served('x'.repeat(100))) }));
    server.script(eventStream(many, { ending: 'stall' }));
    expect(await failure(small, { wantsDeltas: true })).toBeInstanceOf(ResponseTooLargeError);
    await server.requests[0]?.abandoned;
  });

  it('tells the status of a refusal whose body is not the JSON that it says', async () => {
    server.script(body('<html>', { status: 429, headers: { 'content-type': 'text/html' } }));
    expect(await failure(model)).toBeInstanceOf(RateLimitError);
  });

  it('causes no unhandled rejection, whenever it is unsubscribed', async () => {
    await warmUp();
    const unhandled = await unhandledDuring(async () => {
      server.script(eventStream(events(...'a long answer in pieces'), { splitEvery: 40 }));
      for (let turns = 0; turns < 60; turns += 1) {
        const subscription = model.call({ ...question, wantsDeltas: turns % 3 !== 0 }).subscribe();
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        subscription.unsubscribe();
      }
      for (let events = 0; events < 5; events += 1) {
        // Within a delta: while the SDK is handing on what it has read.
        await new Promise<void>((resolve) => {
          let left = events;
          const subscription = model.call({ ...question, wantsDeltas: true }).subscribe(() => {
            if (left > 0) left -= 1;
            else {
              subscription.unsubscribe();
              resolve();
            }
          });
        });
      }
      // A whole request later, all of them are over.
      await answer(model, { wantsDeltas: true });
    });
    expect(unhandled).toEqual([]);
  });

  it('lets subscribers of a stream make their own requests', async () => {
    const elsewhere = await startFaultServer();
    try {
      elsewhere.script(
        json({}, { status: 302, headers: { location: `${elsewhere.baseURL}/there` } }),
        body('x'.repeat(50_000)),
      );
      server.script(eventStream(events('39', '1').slice(0, 1), { ending: 'stall' }));
      const small = createModel(server.baseURL, { maxResponseBytes: 10_000 });
      let error: unknown;
      const fetched = await new Promise<string>((resolve) => {
        const subscription = small.call({ ...question, wantsDeltas: true }).subscribe({
          next: async () => {
            const text = await (await fetch(elsewhere.baseURL)).text();
            subscription.unsubscribe();
            resolve(text);
          },
          error: (thrown: unknown) => {
            error = thrown;
          },
        });
      });
      expect(fetched.length).toBe(50_000);
      expect(error).toBeUndefined();
    } finally {
      await elsewhere.close();
    }
  });

  const warmUp = async (): Promise<void> => {
    server.script(json(served('391', { finishReason: 'STOP' })));
    await answer(model);
  };
});

describe.each(Object.entries(ways))('%s, asking a stand-in that others wrote', (_name, createModel) => {
  let mock: LLMock;

  beforeEach(async () => {
    mock = new LLMock({ port: 0, chunkSize: 5, latency: 0 });
    await mock.start();
  });

  afterEach(() => mock.stop());

  it('is answered', async () => {
    mock.on(
      { userMessage: '17 * 23', model: MODEL },
      {
        content: 'It is 391.',
        usage: { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 },
      },
    );
    const { text, finishReason, usage } = await answer(createModel(mock.url));
    expect({ text, finishReason }).toEqual({ text: 'It is 391.', finishReason: 'stop' });
    expect(usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
  });

  it('is streamed to', async () => {
    mock.on({ userMessage: '17 * 23' }, { content: 'The answer is 391.' });
    const heard = await hear(createModel(mock.url), { wantsDeltas: true });
    const deltas = heard.flatMap((value) => ('delta' in value ? [value.delta] : []));
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe('The answer is 391.');
    expect(heard.at(-1)).toMatchObject({ text: 'The answer is 391.', finishReason: 'stop' });
  });

  it.each([false, true])('calls tools after it has thought, with deltas: %s', async (wantsDeltas) => {
    const args = { name: 'Ada', years: [2024] };
    const toolCalls = [{ id: 'call_1', name: 'look_up', arguments: JSON.stringify(args) }];
    mock.on({ userMessage: 'paid' }, { content: 'I look it up.', toolCalls, reasoning: 'A bill, then.' });
    const conversation = toRequest({
      messages: [{ role: 'user', content: 'What was paid?' }],
      tools: { 'look.up': { inputSchema: { type: 'object', properties: {} } } },
    });
    const heard = await hear(createModel(mock.url), { ...conversation, wantsDeltas });
    expect(heard.at(-1)).toMatchObject({
      text: 'I look it up.',
      reasoning: 'A bill, then.',
      toolCalls: [{ toolName: 'look.up', input: args }],
      finishReason: 'tool-calls',
    });
    const kinds = heard.flatMap((value) => ('delta' in value ? [value.kind ?? 'text'] : []));
    expect(new Set(kinds)).toEqual(new Set(wantsDeltas ? ['reasoning', 'text', 'tool-input'] : []));
  });

  it('is told that it asks too often', async () => {
    mock.on({ userMessage: '17 * 23' }, { error: { message: 'slow down' }, status: 429, retryAfter: 3 });
    const error = await failure(createModel(mock.url));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.isRetryable).toBe(true);
  });

  it('takes an answer that breaks off for none', async () => {
    mock.on({ userMessage: '17 * 23' }, { content: 'The answer is 391.' }, { truncateAfterChunks: 2 });
    expect(await failure(createModel(mock.url), { wantsDeltas: true })).toMatchObject({ isRetryable: true });
  });
});

describe('googleGenAI with a client', () => {
  it('ends an event without an end before its SDK has searched it again and again', async () => {
    const server = await startFaultServer();
    try {
      server.script(endlessBody());
      const model = ways['googleGenAI with a client']?.(server.baseURL) as Model;
      expect(await failure(model, { wantsDeltas: true })).toBeInstanceOf(ResponseTooLargeError);
      await server.requests[0]?.abandoned;
      // Long before the limit of 16 MiB.
      expect(server.requests[0]?.bytesSent()).toBeLessThan(12 * 2 ** 20);
    } finally {
      await server.close();
    }
  });
});

describe('gemini with a client', () => {
  it('asks through it', async () => {
    const server = await startFaultServer();
    try {
      server.script(json(served('391', { finishReason: 'STOP' })));
      const client = new GoogleGenerativeAI('a key');
      expect((await answer(gemini(MODEL, { client, baseURL: server.baseURL }))).text).toBe('391');
      expect(server.requests[0]?.headers['x-goog-api-key']).toBe('a key');
    } finally {
      await server.close();
    }
  });
});

describe.each([
  ['gemini', gemini],
  ['googleGenAI', googleGenAI],
] as const)('%s', (name, create) => {
  beforeEach(() => {
    vi.stubEnv('GEMINI_API_KEY', '');
    vi.stubEnv('GOOGLE_API_KEY', '');
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('requires a key, and names its environment variables', () => {
    expect(() => create(MODEL)).toThrow(
      new ConfigError([
        `${name}: there is no key: set GEMINI_API_KEY or GOOGLE_API_KEY, or pass option "apiKey"`,
      ]),
    );
  });

  it('names everything that cannot work at once', () => {
    const client = { getGenerativeModel: () => expect.fail(), models: {} };
    const options = {
      id: '',
      baseURL: 'localhost',
      temperature: 3,
      maxOutputTokens: 0,
      confidence: 'high',
      generationConfig: 1,
      maxResponseBytes: 0.5,
      topK: 1,
    };
    // @ts-expect-error: none of these is an option like that.
    expect(faultsOf(() => create('', options))).toHaveLength(10);
    expect(faultsOf(() => create(MODEL, { client, apiKey: 'a' } as never))).toEqual([
      `${name}: option "apiKey" has no effect with "client": set it on the client instead`,
    ]);
  });
});
