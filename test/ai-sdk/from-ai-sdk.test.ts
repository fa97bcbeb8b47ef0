import {
  APICallError,
  InvalidPromptError,
  JSONParseError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4StreamPart,
  LoadAPIKeyError,
  NoContentGeneratedError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { type AiSdkLanguageModel, type FromAiSdkOptions, fromAiSdk } from '../../src/ai-sdk/ai-sdk.ts';
import {
  createEnsemble,
  type Outcome,
  type PredictOverrides,
  type Query,
  type StreamEvent,
} from '../../src/index.ts';
import { jsonSchema } from '../../src/normalizers/json-schema.ts';
import { streamOf } from './calls.ts';

const usage = {
  inputTokens: { total: 10, noCache: 6, cacheRead: 4, cacheWrite: undefined },
  outputTokens: { total: 3, text: 2, reasoning: 1 },
} as const;

const finishReason = { unified: 'stop', raw: 'stop' } as const;

const result = (more: Partial<LanguageModelV4GenerateResult> = {}): LanguageModelV4GenerateResult => ({
  content: [{ type: 'text', text: '4' }],
  finishReason,
  usage,
  warnings: [],
  ...more,
});

/** A model of the AI SDK that answers as it is told, and the options of its calls. */
const modelOf = (
  answer: () => object | PromiseLike<object> = result,
  more: Partial<Record<keyof LanguageModelV4 | 'supportsStructuredOutputs', unknown>> = {},
) => {
  const calls: LanguageModelV4CallOptions[] = [];
  const ask = (options: LanguageModelV4CallOptions) => {
    calls.push(options);
    return answer();
  };
  const model = {
    specificationVersion: 'v4',
    provider: 'openai.responses',
    modelId: 'luna',
    supportedUrls: {},
    doGenerate: ask,
    doStream: ask,
    ...more,
  } as unknown as AiSdkLanguageModel;
  return { model, calls };
};

const streaming =
  (
    ...parts: readonly (LanguageModelV4StreamPart | { readonly type: string })[]
  ): (() => { stream: ReadableStream }) =>
  () => ({ stream: streamOf(parts) });

const outcomeOf = async (
  model: AiSdkLanguageModel,
  query: Query = 'What is 2 + 2?',
  overrides: PredictOverrides = {},
  options: FromAiSdkOptions = {},
): Promise<Outcome> => {
  const ensemble = createEnsemble({
    models: [fromAiSdk(model, options)],
    minResponses: 1,
    normalization: 'lowercaseTrim',
  });
  const { outcomes } = await ensemble.predict(query, overrides as never).catch((error) => error);
  return outcomes[0];
};

const eventsOf = async (model: AiSdkLanguageModel): Promise<StreamEvent[]> => {
  const events: StreamEvent[] = [];
  try {
    for await (const event of createEnsemble({ models: [fromAiSdk(model)] }).stream('What is 2 + 2?'))
      events.push(event);
  } catch {
    // The events tell the failure.
  }
  return events;
};

describe('a model of the AI SDK as a member', () => {
  it('has the names of the model, and its settings', () => {
    expect(fromAiSdk(modelOf().model)).toMatchObject({
      id: 'openai/luna',
      provider: 'openai',
      modelId: 'luna',
      settings: {},
    });
    const providerOptions = { openai: { serviceTier: 'flex' } };
    expect(fromAiSdk(modelOf().model, { id: 'mine', maxOutputTokens: 50, providerOptions })).toMatchObject({
      id: 'mine',
      maxOutputTokens: 50,
      settings: { maxOutputTokens: 50, providerOptions },
    });
  });

  it.each([
    [undefined, /"model" is missing/],
    ['openai/luna', /pass the model that its provider makes/],
    [{ ...modelOf().model, specificationVersion: 'v2' }, /version 2 of the interface are not supported/],
    [{ ...modelOf().model, modelId: '' }, /must be a language model of the AI SDK/],
  ])('refuses %j', (model, message) => {
    expect(() => fromAiSdk(model as never)).toThrow(message);
  });

  it('refuses an unknown option', () => {
    expect(() => fromAiSdk(modelOf().model, { temperature: 0 } as never)).toThrow(
      /there is no option "temperature"/,
    );
  });

  it('gives the text, the reasoning, the tokens, and what the provider says of itself', async () => {
    const { model } = modelOf(() =>
      result({
        content: [
          { type: 'reasoning', text: 'Two and ' },
          { type: 'reasoning', text: 'two.' },
          { type: 'text', text: 'It ' },
          { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example' },
          { type: 'text', text: 'is 4.' },
        ],
        warnings: [
          { type: 'unsupported', feature: 'seed', details: 'not by this model' },
          { type: 'other', message: 'slow today' },
        ],
        response: { id: 'resp_1', modelId: 'luna-2026', headers: { 'X-Request-Id': 'req_1' } },
      }),
    );
    expect(await outcomeOf(model)).toMatchObject({
      status: 'answered',
      answer: 'it is 4',
      servedBy: 'openai/luna-2026',
      response: {
        text: 'It is 4.',
        reasoning: 'Two and two.',
        requestId: 'req_1',
        finishReason: 'stop',
        usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 3, reasoningTokens: 1 },
      },
      warning: expect.stringMatching(
        /unsupported: "seed": not by this model.*other: slow today.*left out content of the type source/s,
      ),
    });
  });

  it('makes one call without a stream unless deltas are wanted, and sends what it is asked', async () => {
    const { model, calls } = modelOf();
    await outcomeOf(
      model,
      {
        system: 'Be brief.',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is it?' },
              { type: 'image', image: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
            ],
          },
          {
            role: 'assistant',
            content: [
              { type: 'reasoning', text: 'I look.' },
              { type: 'tool-call', toolCallId: 'c', toolName: 'look.up', input: '{broken' },
            ],
          },
          {
            role: 'tool',
            content: [
              {
                type: 'tool-result',
                toolCallId: 'c',
                toolName: 'look.up',
                output: { type: 'json', value: 1 },
              },
            ],
          },
        ],
        tools: { 'look.up': { description: 'Looks.', inputSchema: { type: 'object' } } },
        toolChoice: { type: 'tool', toolName: 'look.up' },
        settings: { temperature: 0.5, stopSequences: ['END'], maxOutputTokens: 80, reasoningEffort: 'low' },
      },
      {},
      { maxOutputTokens: 50, providerOptions: { openai: { user: 'u' } } },
    );
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      prompt: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'I look.' },
            { type: 'tool-call', toolCallId: 'c', toolName: 'look_up', input: { input: '{broken' } },
          ],
        },
        { role: 'tool', content: [{ toolName: 'look_up', output: { type: 'json', value: 1 } }] },
      ],
      tools: [{ type: 'function', name: 'look_up', description: 'Looks.', inputSchema: { type: 'object' } }],
      toolChoice: { type: 'tool', toolName: 'look_up' },
      temperature: 0.5,
      stopSequences: ['END'],
      maxOutputTokens: 50,
      reasoning: 'low',
      providerOptions: { openai: { user: 'u' } },
      abortSignal: expect.any(AbortSignal),
    });
  });

  it('takes models of version 3, whose files are not tagged, and which take no effort', async () => {
    const { model, calls } = modelOf(result, {
      specificationVersion: 'v3',
      supportedUrls: { 'image/*': [/a\.example/] },
    });
    const image = 'https://A.example/b.png';
    const outcome = await outcomeOf(model, {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', image: new Uint8Array([0xff, 0xd8, 0xff]) },
            { type: 'image', image },
          ],
        },
      ],
      settings: { reasoningEffort: 'low' },
    });
    expect(calls[0]?.prompt[0]?.content).toMatchObject([
      { type: 'file', mediaType: 'image/jpeg', data: '/9j/' },
      { type: 'file', mediaType: 'image/*', data: new URL(image) },
    ]);
    expect(outcome).toMatchObject({
      status: 'answered',
      warning: expect.stringContaining('"reasoningEffort"'),
    });
    expect(calls[0]).not.toHaveProperty('reasoning');
  });

  it.each([
    [{}, 'failed'],
    [{ 'application/pdf': [/.*/] }, 'failed'],
    [{ 'image/*': [/b\.example/] }, 'failed'],
    [{ 'image/png': [/a\.example/] }, 'answered'],
    [{ '*/*': [/^https:/] }, 'answered'],
  ])('sends a URL only if its provider fetches it: %j', async (supportedUrls, status) => {
    const { model, calls } = modelOf(result, { supportedUrls: Promise.resolve(supportedUrls) });
    const messages = [
      { role: 'user' as const, content: [{ type: 'image' as const, image: 'https://a.example/b.png' }] },
    ];
    expect(await outcomeOf(model, { messages })).toMatchObject({ status });
    expect(calls).toHaveLength(status === 'answered' ? 1 : 0);
  });

  it('sends the schema of the answer, or an instruction if the model cannot take it', async () => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
    const text = result({ content: [{ type: 'text', text: '{"a":1}' }] });
    const overrides = { normalization: jsonSchema(schema) };
    const [able, unable] = [modelOf(() => text), modelOf(() => text, { supportsStructuredOutputs: false })];
    for (const { model } of [able, unable])
      expect(await outcomeOf(model, '?', overrides)).toMatchObject({ status: 'answered', answer: { a: 1 } });
    expect(able.calls[0]).toMatchObject({
      prompt: [{ role: 'user' }],
      responseFormat: { type: 'json', schema },
    });
    expect(unable.calls[0]?.responseFormat).toStrictEqual({ type: 'json' });
    expect(unable.calls[0]?.prompt[0]).toMatchObject({
      role: 'system',
      content: expect.stringContaining('"integer"'),
    });
    const list = modelOf(() => result({ content: [{ type: 'text', text: '[1]' }] }));
    await outcomeOf(list.model, '?', { normalization: jsonSchema({ type: 'array' }) });
    expect(list.calls[0]).not.toHaveProperty('responseFormat');
  });

  it('reads the text that its provider names as the structured output', async () => {
    const answered = result({
      content: [{ type: 'text', text: 'draft {"a":1}' }],
      structuredOutputText: '{"a":1}',
    });
    const normalization = jsonSchema({ type: 'object', properties: { a: {} }, required: ['a'] });
    expect(await outcomeOf(modelOf(() => answered).model, '?', { normalization })).toMatchObject({
      answer: { a: 1 },
    });
    expect(await outcomeOf(modelOf(() => answered).model)).toMatchObject({ answer: 'draft {"a":1}' });
  });

  it('votes with its calls, under the names of the request', async () => {
    const content = [
      { type: 'tool-call', toolCallId: 'c', toolName: 'look_up', input: '{"a":"1"}' },
      { type: 'tool-call', toolCallId: 'd', toolName: 'web', input: '{}', providerExecuted: true },
    ] as const;
    const ensemble = createEnsemble({
      models: [fromAiSdk(modelOf(() => result({ content: [...content] })).model)],
    });
    const { toolCalls, outcomes } = await ensemble.predict({
      messages: [{ role: 'user', content: '?' }],
      tools: { 'look.up': { inputSchema: { type: 'object', properties: { a: { type: 'integer' } } } } },
    });
    expect(toolCalls).toStrictEqual([{ toolName: 'look.up', input: { a: 1 } }]);
    expect(outcomes[0]).toMatchObject({
      response: { finishReason: 'tool-calls', toolCalls: [{ toolCallId: 'c' }] },
      warning: expect.stringContaining('content of the type tool-call'),
    });
  });

  it.each([
    [{ unified: 'length', raw: 'max' }, { status: 'abstained' }],
    [{ unified: 'content-filter', raw: 'x' }, { status: 'abstained' }],
    [
      { unified: 'error', raw: 'x' },
      { status: 'failed', error: { name: 'ProviderError', isRetryable: true } },
    ],
    [
      { unified: 'interrupted', raw: undefined },
      { status: 'failed', error: { name: 'MalformedResponseError' } },
    ],
  ])('knows why it stopped: %j', async (reason, outcome) => {
    expect(await outcomeOf(modelOf(() => result({ finishReason: reason as never })).model)).toMatchObject(
      outcome,
    );
  });

  it.each([
    [{ inputTokens: { total: Number.NaN }, outputTokens: { total: -1 } }, undefined],
    [{ inputTokens: { total: 5 }, outputTokens: null }, { inputTokens: 5 }],
    [null, undefined],
    ['many', undefined],
  ])('drops tokens that cannot be: %j', async (reported, read) => {
    const outcome = await outcomeOf(modelOf(() => result({ usage: reported as never })).model);
    expect(outcome).toMatchObject({ status: 'answered' });
    expect(outcome.status === 'answered' && outcome.response.usage).toStrictEqual(read ?? undefined);
  });

  it.each<[string, () => object]>([
    ['nothing', () => undefined as never],
    ['no content', () => result({ content: undefined as never })],
    ['content that is no list', () => result({ content: 'text' as never })],
    ['parts that are none', () => result({ content: [null, 7, {}] as never })],
  ])('fails or abstains if its provider returns %s', async (_, answer) => {
    expect(['failed', 'abstained']).toContain((await outcomeOf(modelOf(answer).model)).status);
  });

  it('says that an answer has no content', async () => {
    const outcome = await outcomeOf(modelOf(() => result({ content: undefined as never })).model);
    expect(outcome.status === 'failed' && outcome.error.message).toMatch(
      /answered without a list of contents$/,
    );
    expect(outcome.status === 'failed' && outcome.error.name).toBe('MalformedResponseError');
  });
});

describe('a stream of a model of the AI SDK', () => {
  const answer = [
    { type: 'stream-start', warnings: [{ type: 'other', message: 'slow today' }] },
    { type: 'response-metadata', id: 'resp_1', modelId: 'luna-2026' },
    { type: 'reasoning-start', id: 'r' },
    { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
    { type: 'reasoning-end', id: 'r' },
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'It is ' },
    { type: 'text-delta', id: 't', delta: '4.' },
    { type: 'text-end', id: 't' },
    { type: 'ping' },
  ] as const;
  const finish = { type: 'finish', usage, finishReason } as const;

  it('is read as it comes', async () => {
    const events = await eventsOf(modelOf(streaming(...answer, finish)).model);
    expect(events.flatMap((event) => ('text' in event ? [[event.type, event.text]] : []))).toStrictEqual([
      ['reasoning-delta', 'Hm.'],
      ['delta', 'It is '],
      ['delta', '4.'],
    ]);
    expect(events.find(({ type }) => type === 'call-end')).toMatchObject({
      outcome: {
        answer: 'it is 4',
        servedBy: 'openai/luna-2026',
        warning: expect.stringContaining('slow today'),
        response: { reasoning: 'Hm.', usage: { inputTokens: 10, outputTokens: 3 } },
      },
    });
  });

  it('has the arguments of calls', async () => {
    const events = await eventsOf(
      modelOf(
        streaming(
          { type: 'tool-input-start', id: 'c', toolName: 'look' },
          { type: 'tool-input-delta', id: 'c', delta: '{"a":1}' },
          { type: 'tool-input-end', id: 'c' },
          { type: 'tool-call', toolCallId: 'c', toolName: 'look', input: '{"a":1}' },
          finish,
        ),
      ).model,
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'tool-input-delta',
        text: '{"a":1}',
        toolName: 'look',
        toolCallId: 'c',
      }),
    );
    expect(events.find(({ type }) => type === 'response')).toMatchObject({
      response: { toolCalls: [{ toolName: 'look', input: { a: 1 } }] },
    });
  });

  it.each<[string, readonly object[], object]>([
    ['ends too early', answer, { name: 'MalformedResponseError', isRetryable: true }],
    [
      'has an error as the provider sent it',
      [{ type: 'error', error: { message: 'sk-secret', code: 'rate_limit_exceeded' } }],
      { name: 'RateLimitError', code: 'rate_limit_exceeded', status: 200 },
    ],
    ['has an error as a text', [{ type: 'error', error: 'sk-secret' }], { name: 'ProviderError' }],
    [
      'has an error of the AI SDK',
      [
        {
          type: 'error',
          error: new APICallError({ message: 'sk-secret', url: '', requestBodyValues: {}, statusCode: 529 }),
        },
      ],
      { name: 'ProviderError', status: 529 },
    ],
  ])('fails if it %s', async (_, parts, error) => {
    const events = await eventsOf(
      modelOf(streaming(...(parts as readonly LanguageModelV4StreamPart[]))).model,
    );
    const failure = events.find(({ type }) => type === 'failure');
    expect(failure).toMatchObject({ error });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('is cancelled after its finish, and when the call is', async () => {
    const cancelled: unknown[] = [];
    const endless = (first: object) => () => ({
      stream: new ReadableStream({
        start: (controller) => controller.enqueue(first),
        cancel: () => void cancelled.push(first),
      }),
    });
    await eventsOf(modelOf(endless(finish)).model);
    expect(cancelled).toStrictEqual([finish]);
    const { model, calls } = modelOf(endless({ type: 'text-start', id: 't' }));
    const subscription = createEnsemble({ models: [fromAiSdk(model)] })
      .stream('?')
      .subscribe();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    subscription.unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls[0]?.abortSignal?.aborted).toBe(true);
    expect(cancelled).toHaveLength(2);
  });
});

describe('an error of a model of the AI SDK', () => {
  const callError = (more: Partial<ConstructorParameters<typeof APICallError>[0]>): APICallError =>
    new APICallError({
      message: 'sk-secret',
      url: 'https://a.example/?key=sk-secret',
      requestBodyValues: { prompt: 'sk-secret' },
      ...more,
    });
  const failed = (error: unknown) => async () => Promise.reject(error);
  it.each<[string, unknown, object]>([
    [
      'a rate limit, with the time to wait',
      callError({
        statusCode: 429,
        responseHeaders: { 'Retry-After': '3', 'request-id': 'req_1' },
        responseBody: '{"error":{"code":"rate_limit_exceeded"}}',
      }),
      {
        name: 'RateLimitError',
        retryAfterMs: 3000,
        isRetryable: true,
        requestId: 'req_1',
        code: 'rate_limit_exceeded',
      },
    ],
    [
      'a used-up quota',
      callError({ statusCode: 429, data: { error: { code: 'insufficient_quota' } } }),
      { name: 'RateLimitError', isRetryable: false },
    ],
    [
      'a failure of the provider',
      callError({ statusCode: 503 }),
      { name: 'ProviderError', status: 503, isRetryable: true },
    ],
    [
      'a failure that its provider calls permanent',
      callError({ statusCode: 500, isRetryable: false }),
      { name: 'ProviderError', isRetryable: false },
    ],
    [
      'a rejected key',
      callError({ statusCode: 401 }),
      { name: 'AuthenticationError', isRetryable: false, costUsd: 0 },
    ],
    [
      'an invalid request',
      callError({ statusCode: 400 }),
      { name: 'InvalidRequestError', isRetryable: false },
    ],
    [
      'a lost connection',
      callError({ isRetryable: true, cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      { name: 'ConnectionError', isRetryable: true },
    ],
    [
      'a connection that broke within the reply',
      callError({ statusCode: 200, cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }) }),
      { name: 'ConnectionError', isRetryable: true },
    ],
    ['a reply that it cannot read', callError({ statusCode: 200 }), { name: 'MalformedResponseError' }],
    [
      'JSON that is none',
      new JSONParseError({ text: 'sk-secret', cause: new Error('x') }),
      { name: 'MalformedResponseError' },
    ],
    ['no content', new NoContentGeneratedError(), { name: 'MalformedResponseError' }],
    [
      'a function that it lacks',
      new UnsupportedFunctionalityError({ functionality: 'video parts' }),
      { name: 'InvalidRequestError', message: expect.stringContaining('video parts'), costUsd: 0 },
    ],
    [
      'a missing key',
      new LoadAPIKeyError({ message: 'sk-secret' }),
      { name: 'AuthenticationError', costUsd: 0 },
    ],
    [
      'an invalid prompt',
      new InvalidPromptError({ prompt: 'sk-secret', message: 'x' }),
      { name: 'InvalidRequestError', costUsd: 0 },
    ],
    ['an error of another kind', new RangeError('sk-secret'), { name: 'ModelError', isRetryable: false }],
    ['a value that is no error', 'sk-secret', { name: 'ProviderError' }],
  ])('is typed: %s', async (_, thrown, error) => {
    const { model, calls } = modelOf(failed(thrown));
    const outcome = await outcomeOf(model);
    expect(outcome).toMatchObject({ status: 'failed', error });
    expect(calls).toHaveLength(1);
    expect(
      JSON.stringify(outcome) + String(outcome.status === 'failed' && outcome.error.stack),
    ).not.toContain('secret');
  });

  it('is repeated by retry if it may be', async () => {
    let calls = 0;
    const flaky = modelOf(async () => {
      calls += 1;
      if (calls < 3) throw callError({ statusCode: 503 });
      return result();
    });
    const ensemble = createEnsemble({
      models: [fromAiSdk(flaky.model)],
      retry: { maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0 },
    });
    expect((await ensemble.predict('?')).outcomes[0]?.attempts).toHaveLength(2);
    const refused = modelOf(failed(callError({ statusCode: 400 })));
    await createEnsemble({ models: [fromAiSdk(refused.model)], retry: true })
      .predict('?')
      .catch(() => undefined);
    expect(refused.calls).toHaveLength(1);
  });
});
