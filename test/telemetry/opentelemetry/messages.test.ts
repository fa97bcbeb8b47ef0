import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  type Conversation,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type ModelResponse,
  type Query,
  recordPrediction,
} from '../../../src/index.ts';
import { inputMessages } from '../../../src/telemetry/opentelemetry/messages.ts';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

/*
 * The parts of messages as the conventions describe them (gen-ai-input-messages.json, gen-ai-output-messages.json), without the
 * part of any type that they also allow: a name or a type that is spelled otherwise is a fault here.
 */
const ofFile = {
  modality: z.enum(['image', 'video', 'audio', 'document']),
  mime_type: z.string().optional(),
};
const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), content: z.string() }),
  z.strictObject({ type: z.literal('reasoning'), content: z.string() }),
  z.strictObject({
    type: z.literal('tool_call'),
    id: z.string().optional(),
    name: z.string(),
    arguments: z.json().optional(),
  }),
  z.strictObject({ type: z.literal('tool_call_response'), id: z.string().optional(), response: z.json() }),
  z.looseObject({ type: z.literal('file'), ...ofFile, file_id: z.string().optional() }),
]);
const message = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  parts: z.array(part),
  finish_reason: z.string().optional(),
});

const messagesIn = (value: unknown) => z.array(message).parse(JSON.parse(String(value)));

/** Asks models that answer so, and returns the messages of a span. */
const messagesOf = async (
  query: Query,
  response: ModelResponse,
  { span = 'chat a', ...options }: Partial<EnsembleOptions> & { readonly span?: string } = {},
) => {
  const recorder = createRecorder();
  const ensemble = createEnsemble({ models: [defineModel('a', () => response)], ...options });
  instrument(ensemble, { ...recorder.providers, captureContent: true });
  await ensemble.predict(query).catch(() => undefined);
  const { attributes } = recorder.span(span);
  return {
    input: messagesIn(attributes['gen_ai.input.messages']),
    output: messagesIn(attributes['gen_ai.output.messages']),
  };
};

const tools = {
  add: { inputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] } },
};
const asking = (...content: object[]) =>
  ({ messages: [{ role: 'user', content }] }) as unknown as Conversation;

describe('the messages of spans', () => {
  it('have the turns of a conversation with tools', async () => {
    const call = { toolCallId: 'c1', toolName: 'add' };
    const query: Query = {
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Add.' },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'I need the tool.' },
            { type: 'text', text: 'One moment.' },
            { type: 'tool-call', ...call, input: { a: [1, { b: null }] } },
            { type: 'tool-call', toolCallId: 'c2', toolName: 'add', input: {} },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', ...call, output: { type: 'json', value: { sum: [3] } } },
            { type: 'tool-result', ...call, toolCallId: 'c2', output: { type: 'error-text', value: 'no a' } },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'So?' }] },
      ],
      tools,
    };
    for (const span of ['chat a', 'invoke_workflow ensemble']) {
      const { input } = await messagesOf(query, { text: '3' }, { span, normalization: 'numeric' });
      expect(input).toEqual([
        { role: 'user', parts: [{ type: 'text', content: 'Add.' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'I need the tool.' },
            { type: 'text', content: 'One moment.' },
            { type: 'tool_call', id: 'c1', name: 'add', arguments: { a: [1, { b: null }] } },
            { type: 'tool_call', id: 'c2', name: 'add', arguments: {} },
          ],
        },
        {
          role: 'tool',
          parts: [
            { type: 'tool_call_response', id: 'c1', response: { sum: [3] } },
            { type: 'tool_call_response', id: 'c2', response: 'no a' },
          ],
        },
        { role: 'user', parts: [{ type: 'text', content: 'So?' }] },
      ]);
    }
  });

  const calls = [{ toolCallId: 'c', toolName: 'add', input: { a: 1 } }];
  const written = { type: 'tool_call', name: 'add', arguments: { a: 1 } };
  const text = (content: string) => ({ type: 'text', content });

  it.each<readonly [string, ModelResponse, readonly object[], string]>([
    ['a text', { text: '3', finishReason: 'length' }, [text('3')], 'length'],
    ['no text', { text: '' }, [text('')], 'stop'],
    ['reasoning', { text: '3', reasoning: 'hm' }, [{ type: 'reasoning', content: 'hm' }, text('3')], 'stop'],
    ['calls', { text: '', toolCalls: calls }, [{ ...written, id: 'c' }], 'tool_call'],
    [
      'calls beside a text',
      { text: 'Wait.', toolCalls: calls, finishReason: 'tool-calls' },
      [text('Wait.'), { ...written, id: 'c' }],
      'tool_call',
    ],
    [
      'broken arguments, without an id',
      { text: '', toolCalls: [{ toolName: 'add', input: '{"a": ' }] },
      [{ type: 'tool_call', name: 'add', arguments: '{"a": ' }],
      'tool_call',
    ],
    ['no calls', { text: '3', toolCalls: [] }, [text('3')], 'stop'],
  ])('have what a model wrote: %s', async (_, response, parts, finish_reason) => {
    const { output } = await messagesOf({ messages: [{ role: 'user', content: '?' }], tools }, response);
    expect(output).toEqual([{ role: 'assistant', parts, finish_reason }]);
  });

  it.each<readonly [string, ModelResponse, readonly object[], string]>([
    ['a text', { text: '3' }, [text('3')], 'stop'],
    ['calls', { text: '', toolCalls: calls, reasoning: 'hm' }, [written], 'tool_call'],
    ['calls beside a text', { text: 'Wait.', toolCalls: calls }, [text('Wait.'), written], 'tool_call'],
  ])('have the winning answer of the prediction: %s', async (_, response, parts, finish_reason) => {
    const query: Query = { messages: [{ role: 'user', content: '?' }], tools };
    const { output } = await messagesOf(query, response, { span: 'invoke_workflow ensemble' });
    expect(output).toEqual([{ role: 'assistant', parts, finish_reason }]);
  });

  it('describe files by their digests', async () => {
    const bytes = Buffer.from('%PDF-1.7 and so on, for a while');
    const digest = (of: string) => `sha256:${createHash('sha256').update(of).digest('hex')}`;
    const { input } = await messagesOf(
      asking(
        { type: 'file', data: bytes, filename: 'a.pdf' },
        { type: 'image', image: new URL('https://example.com/a.png?key=k') },
        { type: 'file', data: 'AAAA', mediaType: 'audio/wav' },
        { type: 'file', data: 'AAAA', mediaType: 'video/mp4' },
      ),
      { text: '3' },
    );
    const base64 = bytes.toString('base64');
    expect(input[0]?.parts).toEqual([
      {
        type: 'file',
        modality: 'document',
        mime_type: 'application/pdf',
        file_id: digest(base64),
        size_bytes: bytes.length,
        filename: 'a.pdf',
      },
      {
        type: 'file',
        modality: 'image',
        mime_type: 'image/*',
        file_id: digest('https://example.com/a.png?key=k'),
      },
      { type: 'file', modality: 'audio', mime_type: 'audio/wav', file_id: digest('AAAA'), size_bytes: 3 },
      { type: 'file', modality: 'video', mime_type: 'video/mp4', file_id: digest('AAAA'), size_bytes: 3 },
    ]);
  });

  it('are those of a prediction that was read back from JSON', async () => {
    const models = [defineModel('a', () => ({ text: '', toolCalls: calls }))];
    const prediction = await createEnsemble({ models }).predict({
      messages: asking({ type: 'file', data: 'AAAA', mediaType: 'image/png' }).messages,
      tools,
    });
    const told = [prediction, JSON.parse(JSON.stringify(prediction))].map((recorded) => {
      const recorder = createRecorder();
      const ensemble = createEnsemble({ models });
      instrument(ensemble, { ...recorder.providers, captureContent: true });
      recordPrediction(ensemble, recorded);
      const { attributes } = recorder.span('invoke_workflow ensemble');
      return [attributes['gen_ai.input.messages'], attributes['gen_ai.output.messages']];
    });
    expect(told[0]?.join()).toContain('sha256:');
    expect(told[1]).toEqual(told[0]);
  });

  it('have no content of a file that has no digest', () => {
    const [one] = messagesIn(
      inputMessages(
        asking(
          { type: 'image', image: new Uint8Array([7, 7, 7]) },
          { type: 'file', data: 'AAAA', mediaType: 'text/csv' },
        ),
      )['gen_ai.input.messages'],
    );
    expect(one?.parts).toEqual([
      { type: 'file', modality: 'image' },
      { type: 'file', modality: 'document', mime_type: 'text/csv' },
    ]);
  });

  it('digest a file once for all calls of a prediction, and not at all without the option', async () => {
    for (const [captureContent, digests] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const recorder = createRecorder();
      const models = ['a', 'b', 'c'].map((id) => defineModel(id, () => '3'));
      const ensemble = createEnsemble({ models });
      instrument(ensemble, { ...recorder.providers, captureContent });
      const from = vi.spyOn(Buffer, 'from');
      const bytes = new Uint8Array(1000).fill(7);
      await ensemble.predict(asking({ type: 'file', data: bytes, mediaType: 'image/png' }));
      expect(from.mock.calls.filter(([given]) => (given as unknown) === bytes.buffer)).toHaveLength(digests);
      from.mockRestore();
    }
  });
});
