import { expect, test } from 'vitest';
import { createEnsemble, defineModel, type Model, type ModelRequest } from '../../src/index.ts';
import { createEnsembleHandler } from '../../src/server/server.ts';
import { framesIn, post } from './post.ts';

const PATH = '/v1/chat/completions';
const seen: ModelRequest[] = [];
const saying = (id: string, text: string): Model =>
  defineModel(id, (_question, { request }) => {
    seen.push(request);
    return { text, usage: { inputTokens: 10, outputTokens: 2 } };
  });
const calling = (id: string, input: unknown): Model =>
  defineModel(id, () => ({ text: '', toolCalls: [{ toolName: 'book', input }] }));

const { fetch } = createEnsembleHandler({
  ensembles: {
    panel: createEnsemble({
      models: [saying('a', 'It is 4.'), saying('b', '4'), saying('c', '5')],
      normalization: 'numeric',
    }),
    booking: createEnsemble({
      models: [calling('a', { guests: 4 }), calling('b', '{"guests": 4}'), calling('c', { guests: 5 })],
      normalization: 'numeric',
    }),
    cities: createEnsemble({
      models: [
        saying('a', '{"city": "Rome"}'),
        saying('b', '```json\n{"city": "Rome"}\n```'),
        saying('c', ''),
      ],
    }),
  },
});
const messages = [{ role: 'user', content: 'What is 2 + 2?' }];

test('answers a chat completion with the winning text, all tokens and the votes', async () => {
  const response = await fetch(post(PATH, { model: 'panel', messages, temperature: 0.5, max_tokens: 100 }));
  expect(await response.json()).toMatchObject({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    model: 'panel',
    choices: [{ index: 0, message: { role: 'assistant', content: 'It is 4.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 30, completion_tokens: 6, total_tokens: 36 },
    ensemble: {
      consensus: 2 / 3,
      votes: { '4': 2, '5': 1 },
      members: [{ with_leader: true }, { with_leader: true }, { vote: '5', with_leader: false }],
    },
  });
  expect(seen.at(-1)).toMatchObject({ settings: { temperature: 0.5, maxOutputTokens: 100 } });
});

test.each([true, false])('says that the tokens of a call are unknown, streamed: %s', async (stream) => {
  const models = [saying('a', '4'), defineModel('untold', () => '4')];
  const handler = createEnsembleHandler({ ensembles: { panel: createEnsemble({ models }) } });
  const told = await handler.fetch(post(PATH, { model: 'panel', messages, stream }));
  expect(await told.text()).toContain('"usage_partial":true');
  const whole = await fetch(post(PATH, { model: 'panel', messages, stream }));
  expect(await whole.text()).not.toContain('usage_partial');
});

test.each([true, false])('refuses a blank question with its status, streamed: %s', async (stream) => {
  const blank = [{ role: 'user', content: '' }];
  const response = await fetch(post(PATH, { model: 'panel', messages: blank, stream }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: 'invalid_request', message: expect.stringContaining('must not be blank') },
  });
});

test('streams a chat completion: role, answer, end, tokens if they are wanted', async () => {
  const body = { model: 'panel', messages, stream: true, stream_options: { include_usage: true } };
  const frames = framesIn(await (await fetch(post(PATH, body))).text());
  expect(frames.map(({ data }) => data)).toMatchObject([
    { object: 'chat.completion.chunk', choices: [{ delta: { role: 'assistant', content: '' } }] },
    { choices: [{ delta: { content: 'It is 4.' }, finish_reason: null }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { total_tokens: 36 } },
    '[DONE]',
  ]);
});

test('adds a chunk for each vote, if they are wanted', async () => {
  const body = { model: 'panel', messages, stream: true, ensemble: { votes: true } };
  const frames = framesIn(await (await fetch(post(PATH, body))).text());
  expect(frames.slice(1, 4).map(({ data }) => data)).toMatchObject([
    { choices: [], ensemble: { consensus: 1, votes: { '4': 1 } } },
    { choices: [], ensemble: { consensus: 1, votes: { '4': 2 } } },
    { choices: [], ensemble: { consensus: 2 / 3 } },
  ]);
});

test('votes on tool calls, and takes their results', async () => {
  const tools = [
    {
      type: 'function',
      function: {
        name: 'book',
        parameters: { type: 'object', properties: { guests: { type: 'integer' } }, required: ['guests'] },
      },
    },
  ];
  const response = await fetch(post(PATH, { model: 'booking', messages, tools, tool_choice: 'required' }));
  const { choices } = (await response.json()) as { choices: { message: { tool_calls: unknown[] } }[] };
  expect(choices).toMatchObject([
    {
      message: { content: null, tool_calls: [{ function: { name: 'book', arguments: '{"guests":4}' } }] },
      finish_reason: 'tool_calls',
    },
  ]);
  const [call] = (choices[0]?.message.tool_calls ?? []) as { id: string }[];
  const turns = [
    ...messages,
    choices[0]?.message,
    { role: 'tool', tool_call_id: call?.id, content: 'booked' },
  ];
  const next = await fetch(post(PATH, { model: 'panel', messages: turns, tools, tool_choice: 'none' }));
  expect(next.status).toBe(200);
  expect(seen.at(-1)?.messages.at(-1)).toMatchObject({
    role: 'tool',
    content: [{ toolName: 'book', output: { type: 'text', value: 'booked' } }],
  });
});

test('votes on the values of a JSON Schema', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const response_format = { type: 'json_schema', json_schema: { name: 'city', schema } };
  const response = await fetch(post(PATH, { model: 'cities', messages, response_format }));
  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: '{"city":"Rome"}' } }],
    ensemble: { consensus: 1 },
  });
});

test('votes on the values of a JSON Schema also if tools may be called', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const response_format = { type: 'json_schema', json_schema: { name: 'city', schema } };
  const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }];
  const response = await fetch(post(PATH, { model: 'cities', messages, response_format, tools }));
  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: '{"city":"Rome"}' }, finish_reason: 'stop' }],
    ensemble: { consensus: 1, members: [{}, {}, { status: 'abstained' }] },
  });
});

test.each([
  ['n', { n: 2 }, 'n'],
  ['logprobs', { logprobs: true }, 'logprobs'],
  ['an unknown role', { messages: [{ role: 'function', content: '' }] }, 'messages[0].role'],
  [
    'an unknown part',
    { messages: [{ role: 'user', content: [{ type: 'video' }] }] },
    'messages[0].content[0].type',
  ],
  [
    'a result without its call',
    { messages: [{ role: 'tool', tool_call_id: 'x', content: '' }] },
    'messages[0].tool_call_id',
  ],
  [
    'a schema that is none',
    { response_format: { type: 'json_schema', json_schema: { schema: { type: 'text' } } } },
    'response_format.json_schema.schema',
  ],
  ['a hosted tool', { tools: [{ type: 'web_search' }] }, 'tools[0].type'],
  ['a setting out of range', { temperature: 3 }, 'temperature'],
  ['an unknown option of the ensemble', { ensemble: { vote: true } }, 'ensemble.vote'],
])('refuses %s, and names the field', async (_, more, param) => {
  const response = await fetch(post(PATH, { model: 'panel', messages, ...more }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
});
