import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import type { CallbackManager } from '@langchain/core/callbacks/manager';
import type { AIMessageFields } from '@langchain/core/messages';
import { RunnableLambda } from '@langchain/core/runnables';
import type { Run } from '@langchain/core/tracers/base';
import { BaseTracer } from '@langchain/core/tracers/base';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AuthenticationError,
  ConfigError,
  createEnsemble,
  defineModel,
  InvalidRequestError,
  type Message,
  ModelError,
  type Outcome,
  type Query,
  RateLimitError,
} from '../../src/index.ts';
import { EnsembleChatModel, fromLangChain } from '../../src/langchain/langchain.ts';
import { jsonSchema } from '../../src/normalizers/json-schema.ts';
import { type Received, ScriptedChatModel } from './scripted-chat-model.ts';

type Script = ConstructorParameters<typeof ScriptedChatModel>[1];

/** Asks one chat model, and returns the outcome of its call and what it received. */
const ask = async (script: Script, query: Query = '?', more: { options?: object; profile?: object } = {}) => {
  const chat = new ScriptedChatModel('scripted-1', script, more.profile);
  const ensemble = createEnsemble({ models: [fromLangChain(chat)], acceptUnfinished: true });
  const prediction = await ensemble.predict(query, more.options ?? {}).catch((error: unknown) => error);
  const { outcomes } = prediction as { outcomes: readonly Outcome[] };
  return { outcome: outcomes[0] as Outcome, received: chat.received };
};

const failureOf = async (script: Script, query?: Query, more?: object): Promise<ModelError> => {
  const { outcome } = await ask(script, query, more);
  if (outcome.status !== 'failed') throw new Error(`the call has ${outcome.status}`);
  return outcome.error;
};

const weather = {
  weather: {
    description: 'Tells the weather.',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('a chat model of LangChain as a member', () => {
  it('has the names, the limit and the temperature that the chat model gives in traces', () => {
    const { id, provider, modelId, maxOutputTokens, settings } = fromLangChain(
      new ScriptedChatModel('gpt-1', 'a'),
    );
    expect({ id, provider, modelId, maxOutputTokens, settings }).toEqual({
      id: 'gpt-1',
      provider: 'scripts',
      modelId: 'gpt-1',
      maxOutputTokens: 100,
      settings: { maxOutputTokens: 100 },
    });
    expect(
      fromLangChain(new ScriptedChatModel('gpt-1', 'a'), { id: 'mine', maxOutputTokens: 5 }),
    ).toMatchObject({
      id: 'mine',
      maxOutputTokens: 5,
    });
  });

  it('refuses what is no chat model', () => {
    expect(() => fromLangChain(defineModel('a', () => 'a') as never)).toThrow(ConfigError);
    expect(() => fromLangChain(new ScriptedChatModel('a', 'a'), { id: '', other: 1 } as never)).toThrow(
      ConfigError,
    );
  });

  it('gives the text, the reasoning, the usage and the finish reason', async () => {
    const { outcome } = await ask({
      content: [
        { type: 'reasoning', reasoning: 'Hm.' },
        { type: 'text', text: 'Paris' },
      ],
      usage_metadata: {
        input_tokens: 10,
        output_tokens: 5,
        total_tokens: 15,
        input_token_details: { cache_read: 3, cache_creation: 2 },
        output_token_details: { reasoning: 4 },
      },
      response_metadata: { finish_reason: 'length', model_name: 'gpt-1-mini' },
    } as unknown as AIMessageFields);
    expect(outcome).toMatchObject({
      response: {
        text: 'Paris',
        reasoning: 'Hm.',
        finishReason: 'length',
        usage: {
          inputTokens: 10,
          outputTokens: 5,
          cachedInputTokens: 3,
          cacheWriteTokens: 2,
          reasoningTokens: 4,
        },
      },
    });
  });

  it('receives the turns, the files and the results of tools', async () => {
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const messages: Message[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look.' },
          { type: 'image', image: png },
          {
            type: 'file',
            data: new URL('https://a.b/c.pdf'),
            mediaType: 'application/pdf',
            filename: 'c.pdf',
          },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.' },
          { type: 'text', text: 'I ask.' },
          { type: 'tool-call', toolCallId: '1', toolName: 'weather', input: { city: 'Turin' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: '1',
            toolName: 'weather',
            output: { type: 'error-json', value: { code: 5 } },
          },
        ],
      },
    ];
    const { received } = await ask('warm', { system: 'Be brief.', messages, tools: weather });
    const [system, user, assistant, tool] = (received[0] as Received).messages;
    expect(system).toMatchObject({ type: 'system', content: 'Be brief.' });
    expect(user?.contentBlocks).toEqual([
      { type: 'text', text: 'Look.' },
      { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
      {
        type: 'file',
        mimeType: 'application/pdf',
        url: 'https://a.b/c.pdf',
        metadata: { filename: 'c.pdf' },
      },
    ]);
    expect(assistant).toMatchObject({
      content: 'I ask.',
      tool_calls: [{ type: 'tool_call', id: '1', name: 'weather', args: { city: 'Turin' } }],
    });
    expect(tool).toMatchObject({
      tool_call_id: '1',
      name: 'weather',
      content: '{"code":5}',
      status: 'error',
    });
  });

  it.each([
    ['auto', 'auto'],
    ['required', 'any'],
    [{ type: 'tool', toolName: 'weather' }, 'weather'],
  ] as const)('calls tools, with the choice %j as %j', async (toolChoice, expected) => {
    const call = { type: 'tool_call', id: 'c', name: 'weather', args: { city: 'Turin' } } as const;
    const messages: Message[] = [{ role: 'user', content: '?' }];
    const { outcome, received } = await ask(
      { content: '', tool_calls: [call] },
      { messages, tools: weather, toolChoice },
    );
    expect(received[0]?.options).toMatchObject({
      tool_choice: expected,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'Tells the weather.',
            parameters: weather.weather.inputSchema,
          },
        },
      ],
    });
    expect(outcome).toMatchObject({
      status: 'answered',
      answer: [{ toolName: 'weather', input: { city: 'Turin' } }],
    });
  });

  it('hands on calls with broken arguments, which abstain with the reason', async () => {
    const broken = { type: 'invalid_tool_call', id: 'c', name: 'weather', args: '{"city": ' } as const;
    const messages: Message[] = [{ role: 'user', content: '?' }];
    const { outcome } = await ask(
      { content: '', invalid_tool_calls: [broken] },
      { messages, tools: weather },
    );
    expect(outcome).toMatchObject({ status: 'abstained', reason: expect.stringMatching(/JSON/) });
  });

  it('makes one attempt, takes stop sequences, and warns of other settings', async () => {
    const settings = { stopSequences: ['.'], temperature: 0 };
    const { outcome, received } = await ask('a', { messages: [{ role: 'user', content: '?' }], settings });
    expect(received[0]?.options).toMatchObject({ stop: ['.'], maxRetries: 0 });
    expect(outcome).toMatchObject({ warning: expect.stringMatching(/"temperature": it was left out/) });
  });

  it('is told the schema of the answer as an option, if its provider takes one', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const options = { normalization: jsonSchema(schema) };
    const taking = await ask('{"city":"Rome"}', '?', { options, profile: { structuredOutput: true } });
    expect(taking.received[0]?.options).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { schema } },
      responseSchema: schema,
    });
    expect(taking.received[0]?.messages).toHaveLength(1);
    const others = await ask('{"city":"Rome"}', '?', { options });
    expect(others.received[0]?.options).not.toHaveProperty('response_format');
    expect(others.received[0]?.messages[0]?.text).toContain(JSON.stringify(schema));
  });

  it('is not asked with a limit of output tokens that cannot be sent', async () => {
    const chat = new ScriptedChatModel('scripted-1', 'a');
    const ensemble = createEnsemble({
      models: [fromLangChain(chat)],
      pricing: {
        priceOf: () => ({ usd: 0.001 }),
        countTokens: () => 1,
      },
      budget: { perPredictionUsd: 1, maxOutputTokens: 20 },
    });
    const error = await ensemble.predict('?').catch((reason: Error) => reason);
    expect(String(error)).toMatch(/limit of output tokens/);
    expect(chat.received).toHaveLength(0);
  });
});

describe('the stream of a member', () => {
  it('has deltas of the text, and the usage at the end', async () => {
    const chat = new ScriptedChatModel('a', {
      content: 'It is warm.',
      usage_metadata: { input_tokens: 1, output_tokens: 3, total_tokens: 4 },
    } as AIMessageFields);
    const events = await Array.fromAsync(createEnsemble({ models: [fromLangChain(chat)] }).stream('?'));
    expect(events.flatMap((event) => (event.type === 'delta' ? [event.text] : []))).toEqual([
      'It ',
      'is ',
      'warm.',
    ]);
    const last = events.at(-1);
    expect(last?.type === 'complete' && last.prediction).toMatchObject({
      text: 'It is warm.',
      metadata: { usage: { inputTokens: 1, outputTokens: 3 } },
    });
  });

  it('has deltas of reasoning and of the arguments of tools', async () => {
    const chat = new ScriptedChatModel('a', {
      content: [],
      tool_call_chunks: [
        { type: 'tool_call_chunk', id: 'c', name: 'weather', args: '{"city":"Turin"}', index: 0 },
      ],
    } as AIMessageFields);
    const messages: Message[] = [{ role: 'user', content: '?' }];
    const events = await Array.fromAsync(
      createEnsemble({ models: [fromLangChain(chat)] }).stream({ messages, tools: weather }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'tool-input-delta',
        text: '{"city":"Turin"}',
        toolCallId: 'c',
        toolName: 'weather',
      }),
    );
    const last = events.at(-1);
    expect(last?.type === 'complete' && last.prediction.toolCalls).toEqual([
      { toolName: 'weather', input: { city: 'Turin' } },
    ]);
  });
});

describe('the errors of a member', () => {
  const failing = (fields: object) => (): never => {
    throw Object.assign(new Error('key sk-secret-1234567890'), fields);
  };

  it.each([
    [
      'of OpenAI and Anthropic',
      { status: 429, error: {}, headers: new Headers({ 'retry-after': '2' }) },
      RateLimitError,
    ],
    ['with a status alone', { status: 429 }, RateLimitError],
    ['with a status code', { statusCode: 401 }, AuthenticationError],
    ['of AWS', { $metadata: { httpStatusCode: 400 } }, InvalidRequestError],
    ['with a response', { response: { status: 400 } }, InvalidRequestError],
    ['without a status', {}, ModelError],
  ])('are typed, without the message: %s', async (_, fields, kind) => {
    const error = await failureOf(failing(fields));
    expect(error).toBeInstanceOf(kind);
    expect(JSON.stringify([error.message, error.stack, error])).not.toContain('sk-secret');
  });

  it('keep the time to wait', async () => {
    const headers = new Headers({ 'retry-after': '2' });
    expect((await failureOf(failing({ status: 429, error: {}, headers }))).retryAfterMs).toBe(2000);
  });

  it('are repeated by the retry of the ensemble alone', async () => {
    let asked = 0;
    const chat = new ScriptedChatModel('a', () => {
      asked += 1;
      if (asked < 3) throw Object.assign(new Error('busy'), { status: 503 });
      return 'ok';
    });
    const retry = { maxAttempts: 3, baseDelayMs: 1, maxDelayMs: 1 };
    const { text } = await createEnsemble({ models: [fromLangChain(chat)], retry }).predict('?');
    expect([text, asked]).toEqual(['ok', 3]);
  });
});

/** Keeps the runs that have no run around them. */
class Roots extends BaseTracer {
  readonly name = 'roots';
  readonly runs: Run[] = [];
  override awaitHandlers = true;

  protected override async persistRun(run: Run): Promise<void> {
    this.runs.push(run);
  }
}

/** Remembers the tags of each run of a chat model. */
class Tags extends BaseCallbackHandler {
  readonly name = 'tags';
  readonly seen: (readonly [run: string, hidden: boolean])[] = [];
  override awaitHandlers = true;

  override handleChatModelStart(
    ...[, , , , , tags, , name]: Parameters<NonNullable<BaseCallbackHandler['handleChatModelStart']>>
  ): void {
    this.seen.push([name ?? '', tags?.includes('nostream') === true]);
  }
}

/** A run and the runs within it, sorted by their names. */
const shapeOf = ({ name, child_runs, error, run_type }: Run): unknown => ({
  name,
  type: run_type,
  ...(error !== undefined && { failed: true }),
  ...(child_runs.length > 0 && {
    children: child_runs.toSorted((one, other) => one.name.localeCompare(other.name)).map(shapeOf),
  }),
});

describe('the runs of members', () => {
  // A busy machine would let the moment pass for which an ensemble waits.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  /** Ends some turns of the event loop after its call is cancelled, as a connection does. */
  const waiting: Script = ({ options: { signal } }) =>
    new Promise((_, reject) => {
      const end = (turns: number): unknown =>
        turns === 0 ? reject(signal?.reason) : setImmediate(() => end(turns - 1));
      signal?.addEventListener('abort', () => end(5), { once: true });
    });

  it.each(['invoke', 'stream'] as const)(
    'are within the run of the ensemble, cancelled ones too: %s',
    async (method) => {
      const models = [
        fromLangChain(new ScriptedChatModel('a', 'yes')),
        fromLangChain(new ScriptedChatModel('b', 'yes')),
        fromLangChain(new ScriptedChatModel('c', waiting)),
        defineModel('own', async (question, { request }) => {
          const { callbacks } = request.context as { callbacks: CallbackManager };
          return RunnableLambda.from(() => 'yes').invoke(question, { callbacks, runName: 'within own' });
        }),
      ];
      const panel = new EnsembleChatModel({
        ensemble: createEnsemble({ models, earlyStop: 'decided' }),
        model: 'panel',
      });
      const roots = new Roots();
      const chain = RunnableLambda.from(async (question: string, config) => {
        if (method === 'invoke') return panel.invoke(question, config);
        return Array.fromAsync(await panel.stream(question, config));
      });
      await chain.invoke('?', { callbacks: [roots], runName: 'chain' });
      expect(roots.runs.map(shapeOf)).toEqual([
        {
          name: 'chain',
          type: 'chain',
          children: [
            {
              name: 'EnsembleChatModel',
              type: 'llm',
              children: [
                { name: 'a', type: 'llm' },
                { name: 'b', type: 'llm' },
                { name: 'c', type: 'llm', failed: true },
                { name: 'within own', type: 'chain' },
              ],
            },
          ],
        },
      ]);
    },
  );

  it('keep the answer no longer than a moment if they ignore their signal', async () => {
    const models = ['a', 'b'].map((id) => fromLangChain(new ScriptedChatModel(id, 'yes')));
    const deaf = fromLangChain(new ScriptedChatModel('deaf', () => new Promise<string>(() => undefined)));
    const ensemble = createEnsemble({ models: [...models, deaf], earlyStop: 'decided' });
    let text = '';
    const asking = new EnsembleChatModel({ ensemble })
      .invoke('?', { callbacks: [new Tags()] })
      .then((message) => {
        text = message.text;
      });
    await vi.advanceTimersByTimeAsync(99);
    expect(text).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    expect(text).toBe('yes');
    await asking;
  });

  it('are within the run whose configuration is the context of a prediction', async () => {
    const ensemble = createEnsemble({ models: [fromLangChain(new ScriptedChatModel('a', 'yes'))] });
    const roots = new Roots();
    const node = RunnableLambda.from(
      async (question: string, config) => (await ensemble.predict(question, { context: config })).text,
    );
    await node.invoke('?', { callbacks: [roots], runName: 'node' });
    expect(roots.runs.map(shapeOf)).toEqual([
      { name: 'node', type: 'chain', children: [{ name: 'a', type: 'llm' }] },
    ]);
  });

  it('have the tag that hides them from the users of LangGraph, and the ensemble has not', async () => {
    const member = fromLangChain(new ScriptedChatModel('a', 'yes'));
    const tags = new Tags();
    const panel = new EnsembleChatModel({ ensemble: createEnsemble({ models: [member] }) });
    await panel.invoke('?', { callbacks: [tags], runName: 'panel' });
    expect(tags.seen).toEqual([
      ['panel', false],
      ['a', true],
    ]);
  });

  it('do not have the name of the ensemble in their metadata', async () => {
    const chat = new ScriptedChatModel('a', 'yes');
    const metadata: unknown[] = [];
    const handler = BaseCallbackHandler.fromMethods({
      handleChainStart: (...[, , , , , given]) => void metadata.push(given),
    });
    const within = defineModel('own', (question, { request }) =>
      RunnableLambda.from(() => 'yes').invoke(question, request.context as object),
    );
    const panel = new EnsembleChatModel({
      ensemble: createEnsemble({ models: [fromLangChain(chat), within] }),
    });
    await panel.invoke('?', { callbacks: [handler], metadata: { thread: 1 } });
    expect(metadata).toEqual([{ thread: 1 }]);
  });
});
