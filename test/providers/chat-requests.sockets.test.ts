import { eventStream, type FaultServer, json, startFaultServer } from 'crucible-ensemble/testing';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  type Conversation,
  createEnsemble,
  InvalidRequestError,
  type Model,
  type ModelDelta,
  type ModelResponse,
} from '../../src/index.ts';
import { type OpenAIOptions, openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const completion = (message: object = { content: '391' }, rest: object = {}): object => ({
  id: 'c1',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...rest }],
});

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
  server.script(json(completion()));
});

afterEach(() => server.close());

type Options = Pick<OpenAIOptions, 'maxOutputTokens' | 'temperature' | 'parameters'>;

const access = () => ({ baseURL: `${server.baseURL}/v1`, apiKey: 'a key of mine' });

/** The same protocol by the official SDK, by undici and by `fetch`. */
const clients: [string, (options?: Options, modelId?: string) => Model][] = [
  ['openai', (options, modelId = 'gpt-4o') => openai(modelId, { ...access(), ...options })],
  [
    'openaiCompatible by undici',
    (options, modelId = 'gpt-4o') => openaiCompatible(modelId, { ...access(), preset: 'openai', ...options }),
  ],
  [
    'openaiCompatible by fetch',
    (options, modelId = 'gpt-4o') =>
      openaiCompatible(modelId, { ...access(), preset: 'openai', fetch, ...options }),
  ],
];

const ask = (model: Model, query: Conversation): Promise<ModelResponse> =>
  lastValueFrom(model.call(toRequest(query))) as Promise<ModelResponse>;

const sent = (): Record<string, unknown> => server.requests.at(-1)?.json() as Record<string, unknown>;

const PNG = 'iVBORw0KGgoBAgME';
const question = { role: 'user', content: 'What is it?' } as const;

describe.each(clients)('a request by %s', (_client, create) => {
  it('has the parts of a turn', async () => {
    const content = [
      { type: 'text', text: 'Compare' },
      { type: 'image', image: PNG },
      { type: 'image', image: 'https://example.org/a.png' },
      { type: 'file', data: 'JVBERi0xLjQK' },
      { type: 'file', data: 'JVBERi0xLjQK', filename: 'b.pdf' },
      { type: 'file', data: 'AAAA', mediaType: 'audio/x-wav' },
      { type: 'file', data: 'AAAA', mediaType: 'audio/mpeg' },
    ] as const;
    await ask(create(), { messages: [{ role: 'user', content }] });
    expect(sent().messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Compare' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
          {
            type: 'file',
            file: { filename: 'file-4.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
          },
          {
            type: 'file',
            file: { filename: 'b.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
          },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
        ],
      },
    ]);
  });

  it('has a text for a turn of texts alone, and the turns of tools', async () => {
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'find.it', input: { name: 'x' } } as const;
    const output = { type: 'error-json', value: { code: 404 } } as const;
    await ask(create(), {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'assistant', content: [{ type: 'reasoning', text: 'hm' }, call] },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'find.it', output }] },
        question,
      ],
    });
    expect(sent().messages).toEqual([
      { role: 'user', content: 'a\n\nb' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'find_it', arguments: '{"name":"x"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"code":404}' },
      question,
    ]);
  });

  it('marks a tool as strict if its schema is', async () => {
    const properties = { name: { type: 'string' } };
    const strict = { type: 'object', properties, required: ['name'], additionalProperties: false };
    const tools = { strict: { inputSchema: strict }, loose: { inputSchema: { type: 'object', properties } } };
    await ask(create(), { messages: [question], tools, toolChoice: { type: 'tool', toolName: 'loose' } });
    expect(sent()).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'strict', parameters: strict, strict: true } },
        { type: 'function', function: { name: 'loose', parameters: { type: 'object', properties } } },
      ],
      tool_choice: { type: 'function', function: { name: 'loose' } },
    });
    expect(JSON.stringify(sent()).match(/strict":true/g)).toHaveLength(1);
  });

  it.each([
    ['audio of another type', 'user', { type: 'file', data: 'AAAA', mediaType: 'audio/flac' }, /WAV or MP3/],
    [
      'a file of the assistant',
      'assistant',
      { type: 'file', data: 'JVBERi0xLjQK' },
      /turns of the assistant/,
    ],
    [
      'a file that is not PDF',
      'user',
      { type: 'file', data: 'AAAA', mediaType: 'text/csv' },
      /cannot be sent/,
    ],
    [
      'the URL of a PDF',
      'user',
      { type: 'file', data: 'https://a.example/b', mediaType: 'application/pdf' },
      /cannot be sent URLs of PDF/,
    ],
  ])('is not sent with %s', async (_what, role, part, message) => {
    const messages = [{ role, content: [part] }, question] as unknown as Conversation['messages'];
    const refused = ask(create(), { messages });
    await expect(refused).rejects.toThrow(InvalidRequestError);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ costUsd: 0 });
    expect(server.requests).toHaveLength(0);
  });

  it('has the settings of the query in place of the options, and the smallest limit', async () => {
    const options = { maxOutputTokens: 50, temperature: 0, parameters: { top_p: 0.1, user: 'u1' } };
    const settings = { maxOutputTokens: 80, temperature: 0.7, topP: 0.9, stopSequences: ['END'], seed: 7 };
    await ask(create(options), { messages: [question], settings });
    expect(sent()).toMatchObject({
      max_completion_tokens: 50,
      temperature: 0.7,
      top_p: 0.9,
      stop: ['END'],
      seed: 7,
      user: 'u1',
    });
    await ask(create(options), { messages: [question], settings: { maxOutputTokens: 20 } });
    expect(sent()).toMatchObject({ max_completion_tokens: 20, temperature: 0, top_p: 0.1 });
  });

  it('has the parameters merged into it last', async () => {
    const parameters = {
      service_tier: 'flex',
      temperature: 0.3,
      tools: [{ type: 'web_search' }],
      response_format: { json_schema: { strict: false } },
    };
    const answerSchema = { type: 'object', properties: {} };
    const tools = { add: { inputSchema: { type: 'object' } } };
    const request = { ...toRequest({ messages: [question], tools }), answerSchema };
    await lastValueFrom(create({ temperature: 0, parameters }).call(request));
    expect(sent()).toMatchObject({
      service_tier: 'flex',
      temperature: 0.3,
      tools: [{ type: 'function' }, { type: 'web_search' }],
      response_format: { type: 'json_schema', json_schema: { schema: answerSchema, strict: false } },
      messages: [question],
    });
  });

  it('leaves out what the model is known to refuse, with a warning', async () => {
    const ensemble = createEnsemble({ models: [create({}, 'gpt-6-luna')] });
    const settings = { temperature: 0.5, topK: 3, maxOutputTokens: 9 };
    const { outcomes } = await ensemble.predict({ messages: [question], settings });
    expect(sent()).toMatchObject({ max_completion_tokens: 9 });
    expect(sent()).not.toHaveProperty('temperature');
    expect(outcomes[0]?.warning).toMatch(
      /refuses the setting "temperature".*does not take the setting "topK"/,
    );
    await ensemble.predict({ messages: [question], settings: { temperature: 0.5, reasoningEffort: 'none' } });
    expect(sent()).toMatchObject({ temperature: 0.5, reasoning_effort: 'none' });
  });

  it.each([
    [
      { error: { param: 'top_p', code: 'unsupported_parameter', message: 'm' } },
      'the setting "topP" of the query',
    ],
    [
      { error: { message: "Unsupported value: 'temperature' does not support 0.5 with this model." } },
      'the option "temperature" of the model',
    ],
    [
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'user'], msg: 'Extra inputs are not permitted' }] },
      'the parameter "user" of the option "parameters"',
    ],
    [
      { error: { message: 'Unrecognized request argument supplied: top_p' } },
      'the setting "topP" of the query',
    ],
    [{ error: { param: 'messages[0].content', message: 'Invalid' } }, 'it names the parameter "messages"'],
  ])('names the parameter that is refused: %j', async (body, place) => {
    server.script(json(body, { status: 400 }));
    const model = create({ temperature: 0.5, parameters: { user: 'u1' } });
    const refused = ask(model, { messages: [question], settings: { topP: 0.125 } });
    await expect(refused).rejects.toThrow(InvalidRequestError);
    await expect(refused).rejects.toThrow(place);
    await expect(refused).rejects.not.toThrow(/0\.125|0\.5|u1/);
  });

  it.each([
    [{ error: { param: 'sk-canary-42', message: 'Invalid' } }],
    [{ error: { message: "Invalid 'canary' and unknown parameter: 'canary', the model is not supported" } }],
  ])('repeats no other word of a refusal: %j', async (body) => {
    server.script(json(body, { status: 400 }));
    const refused = ask(create(), { messages: [question] });
    await expect(refused).rejects.toThrow(/\(400\): check the model name and its options/);
    await expect(refused).rejects.not.toThrow(/canary/);
  });
});

const call = (id: string | undefined, name: string, input: unknown, index?: number): object => ({
  ...(index !== undefined && { index }),
  ...(id !== undefined && { id }),
  function: { ...(name !== '' && { name }), arguments: input },
});

const streamed = (...deltas: object[]) =>
  eventStream(
    [
      ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ]
      .map((chunk) => ({ data: JSON.stringify(chunk) }))
      .concat({ data: '[DONE]' }),
  );

const heard = (model: Model): Promise<(ModelResponse | ModelDelta)[]> =>
  lastValueFrom(model.call({ ...toRequest('?'), wantsDeltas: true }).pipe(toArray()));

describe.each(clients)('an answer to %s', (_client, create) => {
  it.each([
    ['broken arguments', call('a', 'f', '{"x": '), { toolCallId: 'a', toolName: 'f', input: '{"x": ' }],
    ['no arguments', call('a', 'f', ''), { toolCallId: 'a', toolName: 'f', input: {} }],
    ['arguments as an object', call('a', 'f', { x: 1 }), { toolCallId: 'a', toolName: 'f', input: { x: 1 } }],
    ['no id', call(undefined, 'f', '{}'), { toolName: 'f', input: {} }],
  ])('has a call with %s', async (_what, served, read) => {
    const message = { content: null, tool_calls: [served] };
    server.script(json(completion(message)));
    const response = await ask(create(), { messages: [question] });
    expect(response).toMatchObject({ text: '', finishReason: 'tool-calls', toolCalls: [read] });
    server.script(streamed(message));
    expect((await heard(create())).at(-1)).toMatchObject({ toolCalls: [read], finishReason: 'tool-calls' });
  });

  it.each([
    [
      'by index',
      [
        call('a', 'f', '', 0),
        call('b', 'g', '', 1),
        call(undefined, '', '{"x"', 0),
        call(undefined, '', '{}', 1),
        call(undefined, '', ':1}', 0),
      ],
    ],
    ['by id, without an index', [call('a', 'f', '{"x"'), call('a', '', ':1}'), call('b', 'g', '{}')]],
    ['by id, all with the same index', [call('a', 'f', '{"x":1}', 0), call('b', 'g', '{}', 0)]],
    [
      'in order, with the id repeated',
      [call('a', 'f', '{"x"', 0), call('a', 'f', ':1}', 0), call('b', 'g', '{}', 1)],
    ],
  ])('joins the pieces of calls %s', async (_how, pieces) => {
    server.script(streamed(...pieces.map((piece) => ({ tool_calls: [piece] }))));
    const outputs = await heard(create());
    expect(outputs.at(-1)).toMatchObject({
      toolCalls: [
        { toolCallId: 'a', toolName: 'f', input: { x: 1 } },
        { toolCallId: 'b', toolName: 'g', input: {} },
      ],
    });
    const ofA = outputs.filter((output) => 'delta' in output && output.toolCallId === 'a') as ModelDelta[];
    expect(ofA.map(({ delta }) => delta).join('')).toBe('{"x":1}');
  });

  it.each([
    ['reasoning_content', { reasoning_content: 'hm', content: '42' }],
    [
      'reasoning and its details',
      { reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }], content: '42' },
    ],
    [
      'details alone',
      {
        reasoning_details: [
          { type: 'reasoning.summary', summary: 'hm' },
          { type: 'reasoning.encrypted', data: 'x' },
        ],
        content: '42',
      },
    ],
    ['a tag at the head', { content: '\n<think>\nhm\n</think>\n\n42' }],
    ['an empty tag', { reasoning_content: 'hm', content: '<think>\n\n</think>\n\n42' }],
  ])('has the reasoning apart from its text: %s', async (_where, message) => {
    server.script(json(completion(message)));
    expect(await ask(create(), { messages: [question] })).toMatchObject({ text: '42', reasoning: 'hm' });
    const { content, ...rest } = message;
    const pieces = [...content].map((character) => ({ content: character }));
    server.script(streamed(rest, ...pieces));
    const outputs = await heard(create());
    expect(outputs.at(-1)).toMatchObject({ text: '42', reasoning: 'hm' });
    const joined = (kind: string): string =>
      (outputs.slice(0, -1) as ModelDelta[])
        .filter((piece) => (piece.kind ?? 'text') === kind)
        .map(({ delta }) => delta)
        .join('');
    expect([joined('text'), joined('reasoning')]).toEqual(['42', 'hm']);
  });

  it.each(['Put it into the <think> tag.', '<thin', 'a <think>b</think>', '  <b>42</b>'])(
    'keeps a tag that is a part of the text: %j',
    async (content) => {
      server.script(json(completion({ content })));
      const response = await ask(create(), { messages: [question] });
      expect(response.text).toBe(content);
      expect(response).not.toHaveProperty('reasoning');
      server.script(streamed(...[...content].map((character) => ({ content: character }))));
      const outputs = await heard(create());
      expect(outputs.at(-1)).toMatchObject({ text: content });
      expect((outputs.slice(0, -1) as ModelDelta[]).map(({ delta }) => delta).join('')).toBe(content);
    },
  );
});
