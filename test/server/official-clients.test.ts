import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { createEnsemble, defineModel, type Model, type ModelRequest } from '../../src/index.ts';
import { createEnsembleHandler } from '../../src/server/server.ts';

let seen: ModelRequest | undefined;
const saying = (id: string, text: string): Model =>
  defineModel(id, (_question, { request }) => {
    seen = request;
    return { text, usage: { inputTokens: 10, outputTokens: 2, cachedInputTokens: 4 } };
  });
const calling = (id: string, input: unknown): Model =>
  defineModel(id, (_question, { request }) => {
    seen = request;
    return request.messages.at(-1)?.role === 'tool'
      ? 'It is booked.'
      : { text: '', toolCalls: [{ toolName: 'book', input }] };
  });
const failing = defineModel('failing', () => {
  throw new Error('down');
});

let requests = 0;
const { fetch: handle } = createEnsembleHandler({
  ensembles: {
    panel: createEnsemble({
      models: [saying('a', 'It is 4.'), saying('b', '4'), saying('c', '5')],
      normalization: 'numeric',
    }),
    booking: createEnsemble({
      models: [calling('a', { guests: 4 }), calling('b', { guests: 4 }), calling('c', { guests: 5 })],
    }),
    cities: createEnsemble({
      models: [saying('a', '{"city":"Rome"}'), saying('b', '{"city": "Rome"}'), saying('c', '{"town": 1}')],
    }),
    broken: createEnsemble({ models: [failing] }),
  },
});
const fetch = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
  requests += 1;
  return handle(new Request(url, init));
};
const openai = new OpenAI({ apiKey: 'none', baseURL: 'http://localhost/v1', fetch });
const anthropic = new Anthropic({ apiKey: 'none', baseURL: 'http://localhost', fetch });

const messages = [{ role: 'user' as const, content: 'What is 2 + 2?' }];
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const parameters = {
  type: 'object' as const,
  properties: { guests: { type: 'integer' } },
  required: ['guests'],
};

test('openai, chat: create', async () => {
  const completion = await openai.chat.completions.create({ model: 'panel', messages, seed: 7 });
  expect(completion.choices[0]?.message.content).toBe('It is 4.');
  expect(completion.usage?.total_tokens).toBe(36);
  expect(completion).toHaveProperty('ensemble.consensus', 2 / 3);
  expect(completion._request_id).toMatch(/^\w{32}$/);
  expect(seen?.settings).toEqual({ seed: 7 });
});

test('openai, chat: stream with its helper', async () => {
  const stream = openai.chat.completions.stream({
    model: 'panel',
    messages,
    stream_options: { include_usage: true },
  });
  const completion = await stream.finalChatCompletion();
  expect(completion.choices[0]?.message.content).toBe('It is 4.');
  expect(completion.usage?.total_tokens).toBe(36);
});

test('openai, chat: parse', async () => {
  const completion = await openai.chat.completions.parse({
    model: 'cities',
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'city', schema } },
  });
  expect(completion.choices[0]?.message.parsed).toEqual({ city: 'Rome' });
});

test('openai, chat: runs tools in a loop', async () => {
  const booked: unknown[] = [];
  const runner = openai.chat.completions.runTools({
    model: 'booking',
    messages,
    tools: [
      {
        type: 'function',
        function: {
          name: 'book',
          description: 'Books a table.',
          parameters,
          parse: JSON.parse,
          function: (input: unknown) => {
            booked.push(input);
            return 'done';
          },
        },
      },
    ],
  });
  expect(await runner.finalContent()).toBe('It is booked.');
  expect(booked).toEqual([{ guests: 4 }]);
});

test('openai, chat: streams tool calls', async () => {
  const stream = openai.chat.completions.stream({
    model: 'booking',
    messages,
    tools: [{ type: 'function', function: { name: 'book', parameters } }],
  });
  const { choices } = await stream.finalChatCompletion();
  expect(choices[0]?.message.tool_calls).toMatchObject([
    { function: { name: 'book', arguments: '{"guests":4}' } },
  ]);
});

test('openai: asks a failed ensemble once', async () => {
  requests = 0;
  await expect(openai.chat.completions.create({ model: 'broken', messages })).rejects.toMatchObject({
    status: 424,
    code: 'AllModelsFailedError',
  });
  expect(requests).toBe(1);
  const stream = await openai.chat.completions.create({ model: 'broken', messages, stream: true });
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({
    code: '424',
    type: 'AllModelsFailedError',
  });
  await expect(openai.chat.completions.create({ model: 'none', messages })).rejects.toBeInstanceOf(
    OpenAI.NotFoundError,
  );
});

test('openai: lists models', async () => {
  expect((await openai.models.list()).data.map(({ id }) => id)).toContain('panel');
  expect(await openai.models.retrieve('panel')).toMatchObject({ object: 'model' });
});

test('openai, responses: create', async () => {
  const response = await openai.responses.create({
    model: 'panel',
    input: 'What is 2 + 2?',
    instructions: 'Be brief.',
    reasoning: { effort: 'low' },
  });
  expect(response.output_text).toBe('It is 4.');
  expect(response.usage?.total_tokens).toBe(36);
  expect(seen).toMatchObject({ system: 'Be brief.', settings: { reasoningEffort: 'low' } });
});

test('openai, responses: stream with its helper', async () => {
  const stream = openai.responses.stream({ model: 'panel', input: 'What is 2 + 2?' });
  const deltas: string[] = [];
  stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
  const response = await stream.finalResponse();
  expect(response.output_text).toBe('It is 4.');
  expect(deltas).toEqual(['It is 4.']);
});

test('openai, responses: parse', async () => {
  const response = await openai.responses.parse({
    model: 'cities',
    input: 'Which city?',
    text: { format: { type: 'json_schema', name: 'city', schema } },
  });
  expect(response.output_parsed).toEqual({ city: 'Rome' });
});

test('openai, responses: calls of tools, and their results', async () => {
  const tools = [{ type: 'function' as const, name: 'book', parameters, strict: false }];
  const first = await openai.responses.create({ model: 'booking', input: 'For four', tools });
  const [call] = first.output;
  expect(call).toMatchObject({ type: 'function_call', name: 'book', arguments: '{"guests":4}' });
  if (call?.type !== 'function_call') throw new Error('expected a call');
  const streamed = await openai.responses
    .stream({ model: 'booking', input: 'For four', tools })
    .finalResponse();
  expect(streamed.output).toMatchObject([{ type: 'function_call', arguments: '{"guests":4}' }]);
  const second = await openai.responses.create({
    model: 'booking',
    input: [
      { role: 'user', content: 'For four' },
      call,
      { type: 'function_call_output', call_id: call.call_id, output: 'done' },
    ],
    tools,
  });
  expect(second.output_text).toBe('It is booked.');
});

test('openai, responses: errors', async () => {
  await expect(openai.responses.create({ model: 'broken', input: 'Hi' })).rejects.toMatchObject({
    status: 424,
  });
  const stream = await openai.responses.create({ model: 'broken', input: 'Hi', stream: true });
  const events: unknown[] = [];
  const reading = (async () => {
    for await (const event of stream) events.push(event);
  })();
  await expect(reading).rejects.toMatchObject({ code: '424', type: 'AllModelsFailedError' });
  expect(events.at(-1)).toMatchObject({
    type: 'response.failed',
    response: { status: 'failed', error: { code: '424' } },
  });
  await expect(
    openai.responses.create({ model: 'panel', input: 'Hi', previous_response_id: 'resp_1' }),
  ).rejects.toMatchObject({ status: 400, param: 'previous_response_id' });
});

test('anthropic: create', async () => {
  const message = await anthropic.messages.create({
    model: 'panel',
    max_tokens: 100,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages,
  });
  expect(message.content).toMatchObject([{ type: 'text', text: 'It is 4.' }]);
  expect(message).toMatchObject({
    stop_reason: 'end_turn',
    usage: { input_tokens: 18, cache_read_input_tokens: 12, output_tokens: 6 },
  });
  expect(seen).toMatchObject({ system: 'Be brief.', settings: { maxOutputTokens: 100 } });
});

test('anthropic: stream with its helper', async () => {
  const stream = anthropic.messages.stream({ model: 'panel', max_tokens: 100, messages });
  expect(await stream.finalText()).toBe('It is 4.');
  expect((await stream.finalMessage()).usage).toMatchObject({ input_tokens: 18, output_tokens: 6 });
});

test('anthropic: calls of tools, and their results', async () => {
  const tools = [{ name: 'book', description: 'Books a table.', input_schema: parameters }];
  const request = { model: 'booking', max_tokens: 100, tools };
  const stream = anthropic.messages.stream({ ...request, messages });
  const first = await stream.finalMessage();
  expect(first).toMatchObject({
    stop_reason: 'tool_use',
    content: [{ type: 'tool_use', name: 'book', input: { guests: 4 } }],
  });
  const [use] = first.content;
  if (use?.type !== 'tool_use') throw new Error('expected a call');
  const second = await anthropic.messages.create({
    ...request,
    messages: [
      ...messages,
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: use.id, content: [{ type: 'text', text: 'done' }] },
          { type: 'text', text: 'Thanks.' },
        ],
      },
    ],
  });
  expect(seen?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
  expect(second.stop_reason).toBe('tool_use');
});

test('a client that wants one call of a tool gets no vote of several', async () => {
  const twice = (id: string, ...guests: readonly number[]): Model =>
    defineModel(id, () => ({
      text: '',
      toolCalls: guests.map((count) => ({ toolName: 'book', input: { guests: count } })),
    }));
  const handler = createEnsembleHandler({
    ensembles: {
      panel: createEnsemble({ models: [twice('a', 1, 2), twice('b', 1, 2), twice('c', 3)], minResponses: 1 }),
    },
  });
  const options = {
    fetch: (url: string | URL | Request, init?: RequestInit) => handler.fetch(new Request(url, init)),
  };
  const tools = [{ type: 'function' as const, function: { name: 'book', parameters } }];
  const chat = await openai.withOptions(options).chat.completions.create({
    model: 'panel',
    messages,
    tools,
    parallel_tool_calls: false,
  });
  expect(chat.choices[0]?.message.tool_calls).toMatchObject([{ function: { arguments: '{"guests":3}' } }]);
  const message = await anthropic.withOptions(options).messages.create({
    model: 'panel',
    max_tokens: 10,
    messages,
    tools: [{ name: 'book', input_schema: parameters }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  });
  expect(message.content).toMatchObject([{ type: 'tool_use', input: { guests: 3 } }]);
});

test('anthropic: errors', async () => {
  requests = 0;
  const request = { model: 'broken', max_tokens: 100, messages };
  await expect(anthropic.messages.create(request)).rejects.toMatchObject({ status: 424 });
  expect(requests).toBe(1);
  await expect(anthropic.messages.stream(request).finalMessage()).rejects.toThrow(/all models failed/);
  await expect(anthropic.messages.create({ ...request, model: 'none' })).rejects.toBeInstanceOf(
    Anthropic.NotFoundError,
  );
});

test.each(['openai', 'anthropic'])('%s: a client that leaves aborts the calls', async (name) => {
  const controller = new AbortController();
  let aborted = 0;
  const slow = defineModel('slow', (_question, { signal }) => {
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    controller.abort();
    return new Promise<string>(() => undefined);
  });
  const handler = createEnsembleHandler({ ensembles: { slow: createEnsemble({ models: [slow] }) } });
  const options = {
    fetch: (url: string | URL | Request, init?: RequestInit) => handler.fetch(new Request(url, init)),
  };
  const { signal } = controller;
  const request = { model: 'slow', max_tokens: 10, messages };
  await expect(
    name === 'openai'
      ? openai.withOptions(options).chat.completions.create(request, { signal })
      : anthropic.withOptions(options).messages.create(request, { signal }),
  ).rejects.toThrow();
  expect(aborted).toBe(1);
});
