import { InMemoryCache } from '@langchain/core/caches';
import {
  AIMessage,
  type BaseMessage,
  ChatMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  AllModelsFailedError,
  ConfigError,
  createEnsemble,
  defineModel,
  type Ensemble,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  numeric,
} from '../../src/index.ts';
import { EnsembleChatModel, fromLangChain } from '../../src/langchain/langchain.ts';

type Reply = string | ModelResponse;

/** A panel in which each member gives its reply, and the requests that it received. */
const panelOf = (...replies: readonly Reply[]): { ensemble: Ensemble; requests: ModelRequest[] } => {
  const requests: ModelRequest[] = [];
  const models = replies.map((reply, index) =>
    defineModel(`member-${index}`, (_, { request }) => {
      requests.push(request);
      return reply;
    }),
  );
  return { ensemble: createEnsemble({ models }), requests };
};

/** What the first member receives of messages. */
const sent = async (messages: readonly BaseMessage[], options: object = {}): Promise<ModelRequest> => {
  const { ensemble, requests } = panelOf('ok');
  await new EnsembleChatModel({ ensemble }).invoke([...messages], options);
  return requests[0] as ModelRequest;
};

const refusalOf = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => 'answered',
    (error: unknown) => (error instanceof ConfigError ? error.message : `another error: ${error}`),
  );

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('the message of an ensemble', () => {
  it('has the answer, the tokens of all calls and the votes', async () => {
    const usage = { inputTokens: 10, outputTokens: 2, cachedInputTokens: 4, reasoningTokens: 1 };
    const { ensemble } = panelOf({ text: 'Paris', usage }, { text: 'Rome', usage }, { text: 'paris', usage });
    const message = await new EnsembleChatModel({ ensemble, model: 'panel' }).invoke(
      'The capital of France?',
    );
    expect(message).toBeInstanceOf(AIMessage);
    expect(message.text).toBe('Paris');
    expect(message.usage_metadata).toEqual({
      input_tokens: 30,
      output_tokens: 6,
      total_tokens: 36,
      input_token_details: { cache_read: 12 },
      output_token_details: { reasoning: 3 },
    });
    expect(message.response_metadata).toMatchObject({
      model_name: 'panel',
      model_provider: 'crucible-ensemble',
      finish_reason: 'stop',
      ensemble: { votes: { paris: 2, rome: 1 }, members: [{ model: 'member-0', with_leader: true }, {}, {}] },
    });
  });

  it('says which settings a member does not take', async () => {
    const member = fromLangChain(new FakeListChatModel({ responses: ['Paris'] }), { id: 'fake' });
    const ensemble = createEnsemble({ models: [member, defineModel('other', () => 'Paris')] });
    const message = await new EnsembleChatModel({ ensemble }).invoke('Which?', { temperature: 0.2 });
    const { members } = message.response_metadata.ensemble as { members: readonly object[] };
    expect(members[0]).toMatchObject({
      warning: 'fake does not take the setting "temperature": it was left out',
    });
    expect(members[1]).not.toHaveProperty('warning');
  });

  it('says that the tokens of a call are unknown', async () => {
    const usage = { inputTokens: 10, outputTokens: 2 };
    const { ensemble } = panelOf({ text: 'Paris', usage }, 'Paris');
    const message = await new EnsembleChatModel({ ensemble }).invoke('?');
    expect(message.usage_metadata).toEqual({ input_tokens: 10, output_tokens: 2, total_tokens: 12 });
    expect(message.response_metadata.ensemble).toMatchObject({ usage_partial: true });
  });

  it('has no usage if no member reports any', async () => {
    const { ensemble } = panelOf('Paris');
    expect((await new EnsembleChatModel({ ensemble }).invoke('?')).usage_metadata).toBeUndefined();
  });

  it('comes as one chunk of a stream, and batches ask each question once', async () => {
    const { ensemble, requests } = panelOf('Paris', 'Paris');
    const model = new EnsembleChatModel({ ensemble });
    const chunks = await Array.fromAsync(await model.stream('1'));
    expect(chunks.map(({ text }) => text)).toEqual(['Paris']);
    expect(chunks[0]?.response_metadata.ensemble).toMatchObject({ consensus: 1 });
    expect((await model.batch(['2', '3'])).map(({ text }) => text)).toEqual(['Paris', 'Paris']);
    expect(requests.map(({ prompt }) => prompt)).toEqual(['1', '1', '2', '2', '3', '3']);
  });

  it('streams its events in the protocol of content blocks', async () => {
    const { ensemble } = panelOf('Paris');
    const events = await Array.fromAsync(new EnsembleChatModel({ ensemble }).streamEvents('?'));
    expect(events.map(({ event }) => event)).toEqual([
      'message-start',
      'content-block-start',
      'content-block-delta',
      'content-block-finish',
      'message-finish',
    ]);
  });

  it('tells handlers of each member and each vote, also without a stream', async () => {
    const failing = defineModel('failing', () => {
      throw new ModelError('failing', 'down');
    });
    const ensemble = createEnsemble({ models: [defineModel('a', () => 'Paris'), failing] });
    const heard: [string, object][] = [];
    const handler = { handleCustomEvent: (name: string, data: object) => void heard.push([name, data]) };
    await new EnsembleChatModel({ ensemble }).invoke('?', { callbacks: [handler] });
    const latency_ms = expect.any(Number);
    expect(heard).toEqual([
      [
        'crucible.member',
        { call: 0, model: 'a', status: 'answered', text: 'Paris', vote: 'paris', latency_ms, cost_usd: null },
      ],
      ['crucible.votes', { consensus: 1, votes: { paris: 1 } }],
      [
        'crucible.member',
        { call: 1, model: 'failing', status: 'failed', reason: 'ModelError', latency_ms, cost_usd: null },
      ],
    ]);
  });

  it('names itself in traces', () => {
    const model = new EnsembleChatModel({ ensemble: panelOf('a').ensemble, model: 'panel' });
    expect(model.getLsParams({ stop: ['.'] })).toEqual({
      ls_model_type: 'chat',
      ls_provider: 'crucible-ensemble',
      ls_model_name: 'panel',
      ls_stop: ['.'],
    });
  });
});

describe('the messages that members receive', () => {
  it('has the turns of all roles, with tool calls and their results', async () => {
    const request = await sent(
      [
        new SystemMessage('Be brief.'),
        new ChatMessage({ role: 'developer', content: 'In French.' }),
        new HumanMessage('How warm is it?'),
        new AIMessage({
          content: [
            { type: 'thinking', thinking: 'secret' },
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 'call-1', name: 'temperature', input: {} },
          ],
          tool_calls: [{ type: 'tool_call', id: 'call-1', name: 'temperature', args: { city: 'Turin' } }],
        }),
        new ToolMessage({ tool_call_id: 'call-1', content: '21', status: 'error' }),
      ],
      { tools: [{ type: 'function', function: { name: 'temperature', parameters: { type: 'object' } } }] },
    );
    expect(request.system).toBe('Be brief.\n\nIn French.');
    expect(request.messages).toEqual([
      { role: 'user', content: 'How warm is it?' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', toolCallId: 'call-1', toolName: 'temperature', input: { city: 'Turin' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'call-1',
            toolName: 'temperature',
            output: { type: 'error-text', value: '21' },
          },
        ],
      },
    ]);
  });

  it.each([
    ['of LangChain', { type: 'image', mimeType: 'image/png', data: PNG }],
    ['of LangChain 0.3', { type: 'image', source_type: 'base64', mime_type: 'image/png', data: PNG }],
    ['of OpenAI', { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }],
    ['of OpenAI, short', { type: 'image_url', image_url: `data:image/png;base64,${PNG}` }],
    ['of Anthropic', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
    [
      'as bytes',
      { type: 'image', mimeType: 'image/png', data: Uint8Array.from(atob(PNG), (c) => c.charCodeAt(0)) },
    ],
  ])('has an image in the form %s', async (_, block) => {
    const { messages } = await sent([
      new HumanMessage([{ type: 'text', text: 'What is it?' }, block] as never),
    ]);
    const [text, file] = (messages[0] as ModelRequest['messages'][0]).content as unknown as [
      object,
      { mediaType: string; data: string },
    ];
    expect(text).toEqual({ type: 'text', text: 'What is it?' });
    expect(file).toMatchObject({ type: 'file', mediaType: 'image/png' });
    expect(file.data).toBe(PNG);
  });

  it.each([
    [
      'of LangChain',
      { type: 'file', mimeType: 'application/pdf', data: 'JVBERi0=', metadata: { filename: 'a.pdf' } },
    ],
    [
      'of OpenAI',
      { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' } },
    ],
  ])('has a file in the form %s', async (_, block) => {
    const { messages } = await sent([new HumanMessage([{ type: 'text', text: 'Read.' }, block] as never)]);
    const [, file] = (messages[0] as ModelRequest['messages'][0]).content as unknown as [
      object,
      { data: string },
    ];
    expect(file).toMatchObject({ mediaType: 'application/pdf', filename: 'a.pdf' });
    expect(file.data).toBe('JVBERi0=');
  });

  it('has the image of a tool in the turn of a user after the results', async () => {
    const { messages } = await sent([
      new HumanMessage('Look.'),
      new AIMessage({
        content: '',
        tool_calls: ['1', '2'].map((id) => ({ type: 'tool_call', id, name: 'look', args: {} })),
      }),
      new ToolMessage({
        tool_call_id: '1',
        content: [
          { type: 'text', text: 'seen' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
        ],
      }),
      new ToolMessage({ tool_call_id: '2', content: 'nothing' }),
    ]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(messages[2]?.content).toMatchObject([
      { output: { value: 'seen' } },
      { output: { value: 'nothing' } },
    ]);
    expect(messages[3]?.content).toMatchObject([{ mediaType: 'image/png' }]);
  });

  it.each([
    [
      'a file of a provider',
      new HumanMessage([{ type: 'file', fileId: 'file-1' }] as never),
      /content\[0\].*"file"/,
    ],
    [
      'an unknown block',
      new HumanMessage([{ type: 'search_result', title: 'x' }] as never),
      /"search_result"/,
    ],
    [
      'a tool that a provider ran',
      new AIMessage([{ type: 'server_tool_call', id: '1', name: 'x', args: {} }] as never),
      /"server_tool_call"/,
    ],
    [
      'a call without its arguments',
      new AIMessage([{ type: 'tool_use', id: '1', name: 'x', input: {} }] as never),
      /"tool_use"/,
    ],
    [
      'an image of instructions',
      new SystemMessage([{ type: 'image', url: 'https://a.b/c.png' }] as never),
      /"image"/,
    ],
    [
      'a result of an unknown call',
      new ToolMessage({ tool_call_id: 'x', content: '1' }),
      /no tool call of an earlier message/,
    ],
    ['an order to remove a message', new RemoveMessage({ id: '1' }), /"remove"/],
    ['a role of its own', new ChatMessage({ role: 'critic', content: 'No.' }), /"critic"/],
  ])('refuses %s, and asks no member', async (_, message, words) => {
    const { ensemble, requests } = panelOf('ok');
    const asking = new EnsembleChatModel({ ensemble }).invoke([message, new HumanMessage('?')]);
    expect(await refusalOf(asking)).toMatch(words);
    expect(requests).toEqual([]);
  });
});

describe('the options of a call', () => {
  it('has settings under their names in LangChain, and overrides', async () => {
    const { ensemble, requests } = panelOf('a', 'b', 'a');
    const model = new EnsembleChatModel({ ensemble });
    const options = {
      temperature: 0,
      max_tokens: 50,
      stop: ['.'],
      overrides: { strategy: 'unanimous' as const },
    };
    await expect(model.invoke('?', options)).rejects.toThrow(/unanimous/);
    expect(requests[0]?.settings).toEqual({ temperature: 0, maxOutputTokens: 50, stopSequences: ['.'] });
  });

  it('types each name of a setting', async () => {
    const { ensemble, requests } = panelOf('a', 'a');
    const model = new EnsembleChatModel({ ensemble });
    await model.invoke('?', {
      maxTokens: 9,
      topP: 0.5,
      topK: 3,
      seed: 7,
      reasoningEffort: 'low',
      presencePenalty: 1,
    });
    await model
      .withConfig({ max_completion_tokens: 9, top_p: 0.5, top_k: 3, reasoning_effort: 'low' })
      .invoke('?');
    const settings = { maxOutputTokens: 9, topP: 0.5, topK: 3, reasoningEffort: 'low' };
    expect(requests[0]?.settings).toEqual({ ...settings, seed: 7, presencePenalty: 1 });
    expect(requests[2]?.settings).toEqual(settings);
  });

  it('hands on the context of the caller to members', async () => {
    const request = await sent([new HumanMessage('?')], { context: { tenant: 'a' } });
    expect(request.context).toMatchObject({ context: { tenant: 'a' } });
  });

  it.each([
    ['auto', 'auto'],
    ['none', 'none'],
    ['any', 'required'],
    ['required', 'required'],
    ['add', { type: 'tool', toolName: 'add' }],
    [
      { type: 'function', function: { name: 'add' } },
      { type: 'tool', toolName: 'add' },
    ],
    [
      { type: 'tool', name: 'add' },
      { type: 'tool', toolName: 'add' },
    ],
  ])('has the choice of a tool %j as %j', async (choice, expected) => {
    const { ensemble, requests } = panelOf({ text: 'ok', toolCalls: [{ toolName: 'add', input: {} }] });
    const add = { type: 'function', function: { name: 'add', parameters: { type: 'object' } } };
    await new EnsembleChatModel({ ensemble }).bindTools([add], { tool_choice: choice }).invoke('?');
    expect(requests[0]?.toolChoice).toEqual(expected);
  });

  it('refuses tools of a provider at once', () => {
    const model = new EnsembleChatModel({ ensemble: panelOf('a').ensemble });
    expect(() => model.bindTools([{ type: 'web_search' }])).toThrow(/bindTools: tools\[0\]: expected a tool/);
  });
});

describe('tools', () => {
  const add = tool(({ a, b }: { a: number; b: number }) => a + b, {
    name: 'add',
    description: 'Adds two numbers.',
    schema: z.object({ a: z.number(), b: z.number() }),
  });
  const calling = (input: unknown): ModelResponse => ({ text: '', toolCalls: [{ toolName: 'add', input }] });

  it('are voted on, and the calls that won have ids of their own', async () => {
    const { ensemble, requests } = panelOf(
      calling({ a: 2, b: 3 }),
      calling({ a: 2, b: 2 }),
      calling('{"b":2,"a":2.0}'),
    );
    const message = await new EnsembleChatModel({ ensemble }).bindTools([add]).invoke('2 + 2?');
    expect(message.tool_calls).toEqual([
      {
        type: 'tool_call',
        id: expect.stringMatching(/^call_[0-9a-f]{32}_0$/),
        name: 'add',
        args: { a: 2, b: 2 },
      },
    ]);
    expect(message.content).toBe('');
    expect(message.response_metadata.finish_reason).toBe('tool_calls');
    expect(requests[0]?.tools?.add).toMatchObject({
      description: 'Adds two numbers.',
      inputSchema: { type: 'object' },
    });
    expect(await add.invoke(message.tool_calls?.[0] as never)).toMatchObject({ content: '4' });
  });

  it('are chunks of calls in a stream', async () => {
    const { ensemble } = panelOf(calling({ a: 1, b: 1 }));
    const [chunk] = await Array.fromAsync(
      await new EnsembleChatModel({ ensemble }).bindTools([add]).stream('?'),
    );
    expect(chunk?.tool_call_chunks).toMatchObject([{ name: 'add', args: '{"a":1,"b":1}', index: 0 }]);
    expect(chunk?.tool_calls).toMatchObject([{ name: 'add', args: { a: 1, b: 1 } }]);
  });

  it('leave the texts of members that call none to orText', async () => {
    const { ensemble } = panelOf('It is 5.', 'It is 4.', 'The sum is 4.');
    const ask = async (more: object): Promise<string> =>
      (await new EnsembleChatModel({ ensemble, ...more }).bindTools([add]).invoke('2 + 2?')).text;
    expect(await ask({ orText: numeric })).toBe('It is 4.');
    expect(await ask({})).toBe('It is 5.');
  });

  it('leave an answer in the form of a schema, if one is given', async () => {
    const { ensemble } = panelOf('{"sum":5}', '{"sum":4}', '{"sum":4}');
    const schema = { type: 'object', properties: { sum: { type: 'integer' } }, required: ['sum'] };
    const message = await new EnsembleChatModel({ ensemble })
      .bindTools([add], { response_format: { type: 'json_schema', json_schema: { schema } } })
      .invoke('2 + 2?');
    expect(message.text).toBe('{"sum":4}');
  });
});

describe('structured output', () => {
  const City = z.object({ city: z.string().min(1) });
  const asJson = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const replies = [
    '{"city": "Rome"}',
    '{"city": "Paris"}',
    'It is {"city":"Paris"}.',
    '{"town": 1}',
  ] as const;

  it.each([
    ['zod', City],
    ['JSON Schema', asJson],
    ['JSON Schema of zod', z.toJSONSchema(City)],
  ])('is voted on by %s', async (_, schema) => {
    const { ensemble, requests } = panelOf(...replies);
    const chain = new EnsembleChatModel({ ensemble }).withStructuredOutput(schema);
    expect(await chain.invoke('?')).toEqual({ city: 'Paris' });
    expect(requests[0]?.answerSchema).toMatchObject({ properties: { city: { type: 'string' } } });
  });

  it('has the message as well with includeRaw', async () => {
    const { ensemble } = panelOf(...replies);
    const chain = new EnsembleChatModel({ ensemble }).withStructuredOutput(City, { includeRaw: true });
    const { raw, parsed } = await chain.invoke('?');
    expect(parsed).toEqual({ city: 'Paris' });
    expect(raw.text).toBe('{"city":"Paris"}');
    expect(raw.response_metadata.ensemble).toMatchObject({ quorum: 0.75 });
  });

  it('has the output of a schema that transforms, of which members see the input', async () => {
    const { ensemble, requests } = panelOf('{"city":"Rome"}');
    const Shouted = z.object({ city: z.string().transform((city) => city.toUpperCase()) });
    expect(await new EnsembleChatModel({ ensemble }).withStructuredOutput(Shouted).invoke('?')).toEqual({
      city: 'ROME',
    });
    expect(requests[0]?.answerSchema).toMatchObject({ properties: { city: { type: 'string' } } });
  });

  it('refuses a method other than that of JSON Schema', () => {
    const model = new EnsembleChatModel({ ensemble: panelOf('a').ensemble });
    expect(() => model.withStructuredOutput(City, { method: 'functionCalling' })).toThrow(
      'withStructuredOutput: method: expected "jsonSchema"',
    );
  });
});

describe('failures', () => {
  it('are asked once, and keep the account of the calls', async () => {
    let asked = 0;
    const failing = defineModel('a', () => {
      asked += 1;
      throw new Error('down');
    });
    const model = new EnsembleChatModel({ ensemble: createEnsemble({ models: [failing] }) });
    const error = await model.invoke('?').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AllModelsFailedError);
    expect((error as AllModelsFailedError).outcomes).toHaveLength(1);
    expect(asked).toBe(1);
  });

  it.each(['invoke', 'stream'] as const)('of a signal are its reason: %s', async (method) => {
    const signals: AbortSignal[] = [];
    const waiting = defineModel('a', (_, { signal }) => {
      signals.push(signal);
      return new Promise<string>(() => undefined);
    });
    const model = new EnsembleChatModel({ ensemble: createEnsemble({ models: [waiting] }) });
    const controller = new AbortController();
    const asking = (async () => {
      const result = await model[method]('?', { signal: controller.signal });
      for await (const _ of result as AsyncIterable<unknown>);
    })();
    await expect.poll(() => signals.length).toBe(1);
    const reason = new Error('the user left');
    controller.abort(reason);
    await expect(asking).rejects.toBe(reason);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('of options say what is expected', () => {
    expect(() => new EnsembleChatModel({ ensemble: {} as never, model: '' })).toThrow(ConfigError);
  });
});

describe('the cache of LangChain', () => {
  it('keeps ensembles without a name apart', async () => {
    const cache = new InMemoryCache();
    const [paris, rome] = ['Paris', 'Rome'].map((reply) => {
      const { ensemble, requests } = panelOf(reply);
      return { model: new EnsembleChatModel({ ensemble, cache }), requests };
    });
    for (let time = 0; time < 2; time += 1) {
      expect((await paris?.model.invoke('?'))?.text).toBe('Paris');
      expect((await rome?.model.invoke('?'))?.text).toBe('Rome');
    }
    expect(paris?.requests).toHaveLength(1);
    expect(rome?.requests).toHaveLength(1);
  });
});
