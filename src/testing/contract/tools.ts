import assert from 'node:assert/strict';
import type { ModelDelta, ModelResponse } from '../../domain/model.ts';
import type { Conversation, ModelRequest } from '../../domain/request.ts';
import type { ToolChoice } from '../../domain/tools.ts';
import { toRequest } from '../../engine/to-request.ts';
import type { SentPart, ServedAnswer } from '../dialects/wire-dialect.ts';
import { encodeEvents, eventStream, json } from '../replies.ts';
import { answered } from './answers.ts';
import type { Clause } from './clause.ts';
import { refuses, sentOf } from './requests.ts';

const LOOKUP = {
  description: 'Looks up a bill.',
  inputSchema: {
    type: 'object',
    properties: { name: { type: 'string' }, years: { type: 'array', items: { type: 'integer' } } },
    required: ['name'],
  },
};

const NOW = { inputSchema: { type: 'object', properties: {} } };

/** One name has a character that providers refuse. */
const TOOLS = { lookup: LOOKUP, 'clock.now': NOW };

const question = { role: 'user', content: 'What did Ada pay?' } as const;

const withTools = (rest: Partial<Conversation> = {}): ModelRequest =>
  toRequest({ messages: [question], tools: TOOLS, ...rest });

const CHOICES: readonly ToolChoice[] = ['auto', 'none', 'required', { type: 'tool', toolName: 'lookup' }];

const CALLS = [
  { toolCallId: 'call_1', toolName: 'lookup', input: { name: 'Ada 🦊', years: [2024, 2025] } },
  { toolCallId: 'call_2', toolName: 'lookup', input: { name: 'Grace' } },
  { toolCallId: 'call_3', toolName: 'clock_now', input: {} },
];

const SERVED: ServedAnswer = {
  text: 'I look it up.',
  toolCalls: CALLS,
  usage: { inputTokens: 11, outputTokens: 7 },
};

/** Fails unless a response has the calls that were served, with the names of tools as the request spells them. */
const isCalls = ({ text, toolCalls, finishReason }: ModelResponse, served = SERVED): void => {
  assert.equal(text, served.text);
  assert.deepEqual(
    toolCalls,
    CALLS.map((call) => ({ ...call, toolName: call.toolName === 'clock_now' ? 'clock.now' : call.toolName })),
  );
  assert.equal(finishReason, 'tool-calls');
};

/** Fails unless the pieces of each call, joined, are its arguments. */
const isStreamed = (pieces: readonly ModelDelta[]): void => {
  const inputs = pieces.filter(({ kind }) => kind === 'tool-input');
  for (const { toolCallId, input } of CALLS) {
    const own = inputs.filter((piece) => piece.toolCallId === toolCallId);
    assert.deepEqual(
      JSON.parse(own.map(({ delta }) => delta).join('')),
      input,
      `the pieces of ${toolCallId}`,
    );
  }
  assert.deepEqual(new Set(inputs.map(({ toolName }) => toolName)), new Set(['lookup', 'clock.now']));
};

const CONVERSATION: Conversation = {
  messages: [
    question,
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'I need both bills.' },
        { type: 'text', text: 'I look them up.' },
        { type: 'tool-call', toolCallId: 'call_1', toolName: 'lookup', input: { name: 'Ada' } },
        { type: 'tool-call', toolCallId: 'call_2', toolName: 'clock.now', input: {} },
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: 'lookup',
          output: { type: 'json', value: { total: 12, paid: [5, 7] } },
        },
        {
          type: 'tool-result',
          toolCallId: 'call_2',
          toolName: 'clock.now',
          output: { type: 'text', value: 'noon' },
        },
      ],
    },
    { role: 'user', content: 'Add them up.' },
  ],
  tools: TOOLS,
};

/** What {@link CONVERSATION} is on the wire, in one order of the fields; without the reasoning, which no provider asks for. */
const PARTS: readonly SentPart[] = [
  { role: 'user', type: 'text', text: question.content },
  { role: 'assistant', type: 'text', text: 'I look them up.' },
  { role: 'assistant', type: 'tool-call', toolCallId: 'call_1', toolName: 'lookup', input: { name: 'Ada' } },
  { role: 'assistant', type: 'tool-call', toolCallId: 'call_2', toolName: 'clock_now', input: {} },
  {
    role: 'tool',
    type: 'tool-result',
    toolCallId: 'call_1',
    toolName: 'lookup',
    output: { total: 12, paid: [5, 7] },
  },
  { role: 'tool', type: 'tool-result', toolCallId: 'call_2', toolName: 'clock_now', output: 'noon' },
  { role: 'user', type: 'text', text: 'Add them up.' },
];

/** Fails unless a part that was sent has the fields that its API has, with the right values. */
const isPart = (sent: SentPart | undefined, part: SentPart): void => {
  const { toolCallId, toolName, ...rest } = part;
  const { toolCallId: sentId, toolName: sentName, ...sentRest } = sent ?? { role: 'user', type: 'text' };
  assert.deepEqual(sentRest, rest);
  if (sentId !== undefined) assert.equal(sentId, toolCallId);
  if (sentName !== undefined || part.type === 'tool-call') assert.equal(sentName, toolName);
  if (part.type === 'tool-result')
    assert.ok(sentId ?? sentName, 'a result does not say which call it answers');
};

/** Requests with tools, and answers with calls of tools. */
export const toolClauses: readonly Clause[] = [
  {
    name: 'sends tools with their schemas, and the choice of a tool',
    unless: 'no-tools',
    otherwise: refuses('tools', withTools),
    check: async (stage) => {
      for (const toolChoice of CHOICES) {
        const sent = await sentOf(stage, withTools({ toolChoice }));
        if (sent === undefined) return;
        assert.deepEqual(sent.tools, { lookup: LOOKUP, clock_now: NOW });
        assert.deepEqual(sent.toolChoice ?? 'auto', toolChoice);
      }
    },
  },
  {
    name: 'sends the calls of earlier turns, and their results',
    unless: 'no-tools',
    otherwise: refuses('calls of tools in earlier turns', () =>
      toRequest({ messages: CONVERSATION.messages }),
    ),
    check: async (stage) => {
      const sent = await sentOf(stage, toRequest(CONVERSATION));
      if (sent === undefined) return;
      assert.equal(sent.parts.length, PARTS.length);
      for (const [index, part] of PARTS.entries()) isPart(sent.parts[index], part);
    },
  },
  {
    name: 'answers with calls of tools, their arguments as values',
    unless: 'no-tools',
    check: async ({ server, dialect, ask }) => {
      server.script(json(dialect.answer(SERVED)));
      isCalls(answered(await ask(withTools())));
      const alone = { ...SERVED, text: '' };
      server.script(json(dialect.answer(alone)));
      isCalls(answered(await ask(withTools())), alone);
    },
  },
  {
    name: 'streams the arguments of calls in pieces, and answers with the whole calls',
    unless: ['no-tools', 'no-streaming'],
    check: async ({ server, dialect, ask }) => {
      for (const served of [SERVED, { ...SERVED, text: '' }]) {
        for (const splitEvery of [undefined, 1, 5]) {
          server.script(eventStream(dialect.events(served), { ...(splitEvery && { splitEvery }) }));
          const result = await ask({ ...withTools(), wantsDeltas: true });
          isCalls(answered(result), served);
          assert.equal(result.deltas.join(''), served.text);
          isStreamed(result.pieces);
        }
      }
    },
  },
  {
    name: 'rejects a stream that is cut within its calls',
    unless: ['no-tools', 'no-streaming'],
    check: async ({ server, dialect, ask }) => {
      const events = dialect.events(SERVED);
      const ends = events.findIndex(dialect.isTerminal);
      const { byteLength } = encodeEvents(events.slice(0, ends));
      for (let endAt = 1; endAt <= byteLength; endAt += 37) {
        server.script(eventStream(events, { endAt }));
        const { response } = await ask({ ...withTools(), wantsDeltas: true });
        assert.equal(response, undefined, `an answer from ${endAt} of ${byteLength} bytes`);
      }
    },
  },
];
