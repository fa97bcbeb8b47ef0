import { describe, expect, it } from 'vitest';
import { given } from '../../src/domain/given.ts';
import { MalformedResponseError } from '../../src/index.ts';
import { convertUsage, joinUsage } from '../../src/providers/anthropic/convert-usage.ts';
import { outputFormat } from '../../src/providers/anthropic/output-format.ts';
import { readEvents } from '../../src/providers/anthropic/read-events.ts';
import { readMessage } from '../../src/providers/anthropic/read-message.ts';
import { toFinishReason } from '../../src/providers/finish-reason.ts';

describe('convertUsage', () => {
  it('counts what was read from the cache and written to it as input', () => {
    const served = {
      input_tokens: 10,
      cache_read_input_tokens: 2000,
      cache_creation_input_tokens: 300,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
    };
    expect(convertUsage(served)).toEqual({
      usage: {
        inputTokens: 2310,
        cachedInputTokens: 2000,
        cacheWriteTokens: 300,
        outputTokens: 50,
        reasoningTokens: 30,
      },
      warnings: [],
    });
  });

  it.each([
    [{ service_tier: 'standard', speed: 'standard', inference_geo: 'global' }, undefined],
    [{ service_tier: 'batch' }, 'batch'],
    [{ service_tier: 'priority', inference_geo: null }, 'priority'],
    [{ service_tier: 'standard', speed: 'fast' }, 'fast'],
    [{ service_tier: 'batch', inference_geo: 'us' }, 'batch_us'],
  ])('names what %j cost more or less by: %s', (reported, serviceTier) => {
    const { usage } = convertUsage({ input_tokens: 1, output_tokens: 1, ...reported });
    expect(usage?.serviceTier).toBe(serviceTier);
  });

  it('knows what is kept in the cache for an hour', () => {
    const reported = { input_tokens: 1, cache_creation_input_tokens: 30, output_tokens: 1 };
    const ttl = (hour: unknown) =>
      convertUsage({
        ...reported,
        cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: hour },
      });
    expect(ttl(20).usage).toMatchObject({ inputTokens: 31, cacheWriteTokens: 30, longCacheWriteTokens: 20 });
    expect(ttl(31)).toMatchObject({
      usage: { longCacheWriteTokens: undefined },
      warnings: [expect.stringContaining('above')],
    });
    expect(ttl(0).usage).not.toHaveProperty('longCacheWriteTokens');
  });

  it.each([undefined, null, {}, { input_tokens: null }, 'none'])('knows nothing of %j', (served) => {
    expect(convertUsage(served).usage).toBeUndefined();
  });

  it('keeps 0 as 0, and what is missing beside it as unknown', () => {
    expect(convertUsage({ input_tokens: 0, cache_read_input_tokens: null }).usage).toMatchObject({
      inputTokens: 0,
      cachedInputTokens: undefined,
      outputTokens: undefined,
    });
  });

  it.each([
    [{ input_tokens: -1, output_tokens: 5 }, { outputTokens: 5 }],
    [{ input_tokens: 1, output_tokens: Number.NaN }, { inputTokens: 1 }],
    // The total of the input is unknown if a part of it is.
    [{ input_tokens: 1, cache_read_input_tokens: -5, output_tokens: 5 }, { outputTokens: 5 }],
    [{ input_tokens: 1, cache_creation_input_tokens: '5', output_tokens: 5 }, { outputTokens: 5 }],
    [{ output_tokens: 1, output_tokens_details: { thinking_tokens: 0.5 } }, { outputTokens: 1 }],
    [{ output_tokens: 1, output_tokens_details: { thinking_tokens: 2 } }, { outputTokens: 1 }],
    [{ input_tokens: -1 }, undefined],
    ['many', undefined],
  ])('keeps of %j what can be, with a warning', (served, known) => {
    const { usage, warnings } = convertUsage(served);
    expect(usage && given(usage)).toEqual(known);
    expect(warnings).toHaveLength(1);
  });
});

describe('joinUsage', () => {
  it('takes the output from the end of a stream alone', () => {
    const atStart = { input_tokens: 25, cache_read_input_tokens: 100, output_tokens: 1 };
    expect(joinUsage(atStart, { output_tokens: 15 })).toEqual({
      input_tokens: 25,
      cache_read_input_tokens: 100,
      output_tokens: 15,
    });
    expect(joinUsage(atStart, undefined)).toEqual({ input_tokens: 25, cache_read_input_tokens: 100 });
  });

  it('lets the end correct the beginning, but not erase it', () => {
    const atEnd = { input_tokens: 30, cache_read_input_tokens: null, output_tokens: 15 };
    expect(joinUsage({ input_tokens: 25, cache_read_input_tokens: 7 }, atEnd)).toEqual({
      input_tokens: 30,
      cache_read_input_tokens: 7,
      output_tokens: 15,
    });
  });
});

describe('the finish reason', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'refusal'],
    ['pause_turn', 'other'],
    ['constructor', 'other'],
    [null, undefined],
    [undefined, undefined],
  ])('%s is %s', (served, finishReason) => {
    expect(toFinishReason(served)).toBe(finishReason);
  });
});

describe('readMessage', () => {
  it('joins the text blocks, and leaves thoughts out', () => {
    const content = [
      { type: 'thinking', thinking: 'Seventeen times…', signature: 's' },
      { type: 'text', text: 'It is ' },
      { type: 'redacted_thinking', data: 'd' },
      { type: 'text', text: '391.' },
    ];
    expect(readMessage('m', { content, stop_reason: 'end_turn' }, { requestId: 'req_1' })).toMatchObject({
      text: 'It is 391.',
      finishReason: 'stop',
      requestId: 'req_1',
    });
  });

  it.each([
    ['max_tokens', 'length'],
    ['refusal', 'refusal'],
  ])('needs no text of a model that stopped for %s', (stop_reason, finishReason) => {
    const content = [{ type: 'thinking', thinking: '', signature: 's' }];
    expect(readMessage('m', { content, stop_reason })).toMatchObject({ text: '', finishReason });
  });

  it('has the reasoning and the calls apart from the text', () => {
    const content = [
      { type: 'thinking', thinking: 'First.', signature: 's' },
      { type: 'tool_use', id: 'a', name: 'look_up', input: { n: 1 } },
      { type: 'thinking', thinking: 'Second.', signature: 's' },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
      { type: 'tool_use', id: 'b', name: 'look_up' },
      { type: 'tool_use', name: 'look_up', input: '{"n":2}' },
      { type: 'tool_use', id: 'd', name: 'look_up', input: '{"n":' },
    ];
    for (const stop_reason of ['tool_use', 'end_turn']) {
      expect(readMessage('m', { content, stop_reason })).toEqual({
        text: '',
        reasoning: 'First.\n\nSecond.',
        toolCalls: [
          { toolCallId: 'a', toolName: 'look_up', input: { n: 1 } },
          { toolCallId: 'b', toolName: 'look_up', input: {} },
          { toolName: 'look_up', input: { n: 2 } },
          { toolCallId: 'd', toolName: 'look_up', input: '{"n":' },
        ],
        finishReason: 'tool-calls',
      });
    }
    expect(readMessage('m', { content, stop_reason: 'max_tokens' }).finishReason).toBe('length');
  });

  it('refuses a message without text that is done', () => {
    const content = [{ type: 'thinking', thinking: '', signature: 's' }];
    expect(() => readMessage('m', { content, stop_reason: 'end_turn' })).toThrow(MalformedResponseError);
  });
});

describe('readEvents', () => {
  async function* streamed(...events: readonly unknown[]): AsyncGenerator<unknown> {
    yield* events;
  }

  const read = (...events: readonly unknown[]): Promise<object> =>
    readEvents('m', { events: streamed(...events), emit: () => undefined, close: () => undefined });

  const end = [
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ];

  it('reads the text and leaves out thoughts, tools and what it does not know', async () => {
    const response = await read(
      { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } },
      { type: 'content_block_start', content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { type: 'content_block_start', content_block: { type: 'text', text: 'It ' } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'is 391.' } },
      { type: 'content_block_delta', delta: { type: 'citations_delta', citation: {} } },
      { type: 'an_event_of_tomorrow' },
      ...end,
    );
    expect(response).toMatchObject({
      text: 'It is 391.',
      finishReason: 'stop',
      usage: { inputTokens: 5, outputTokens: 9 },
    });
  });

  it('joins the pieces of calls and of reasoning, also of blocks that take turns or have no index', async () => {
    const pieces: unknown[] = [];
    const events = streamed(
      { type: 'message_start', message: {} },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 'a', name: 'one', input: {} },
      },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 'b', name: 'two', input: {} },
      },
      {
        type: 'content_block_start',
        index: 3,
        content_block: { type: 'server_tool_use', id: 's', name: 'web' },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"n"' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'content_block_delta', index: 3, delta: { type: 'input_json_delta', partial_json: '{"q":1}' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: ':1}' } },
      { type: 'content_block_start', content_block: { type: 'tool_use', name: 'three', input: { n: 3 } } },
      { type: 'content_block_start', content_block: { type: 'tool_use', name: 'four', input: {} } },
      { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"n":4}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      end[1],
    );
    const emit = (delta: string, of?: object): void => void pieces.push({ delta, ...of });
    expect(await readEvents('m', { events, emit, close: () => undefined })).toEqual({
      text: '',
      reasoning: 'Hm.',
      toolCalls: [
        { toolCallId: 'a', toolName: 'one', input: { n: 1 } },
        { toolCallId: 'b', toolName: 'two', input: {} },
        { toolName: 'three', input: { n: 3 } },
        { toolName: 'four', input: { n: 4 } },
      ],
      finishReason: 'tool-calls',
    });
    const kind = 'tool-input';
    expect(pieces).toEqual([
      { delta: 'Hm.', kind: 'reasoning' },
      { delta: '{"n"', kind, toolName: 'one', toolCallId: 'a' },
      { delta: '{}', kind, toolName: 'two', toolCallId: 'b' },
      { delta: ':1}', kind, toolName: 'one', toolCallId: 'a' },
      { delta: '{"n":4}', kind, toolName: 'four' },
      { delta: '{"n":3}', kind, toolName: 'three' },
    ]);
  });

  it('refuses a stream that was about to end', async () => {
    await expect(read(end[0])).rejects.toThrow(MalformedResponseError);
  });

  it.each([
    ['a piece of no type', { delta: { type: 'text_delta', text: '4' } }],
    ['a piece that is a number', { type: 'content_block_delta', delta: { type: 'text_delta', text: 4 } }],
    ['a block without text', { type: 'content_block_start', content_block: { type: 'text' } }],
  ])('refuses %s', async (_what, event) => {
    await expect(read(event, ...end)).rejects.toThrow(MalformedResponseError);
  });
});

describe('outputFormat', () => {
  it('leaves to a description what the API does not take', async () => {
    const schema = { type: 'object', properties: { sum: { type: 'number', minimum: 1 } }, required: ['sum'] };
    expect(await outputFormat('m', schema)).toEqual({
      type: 'json_schema',
      schema: {
        type: 'object',
        properties: { sum: { type: 'number', description: '{minimum: 1}' } },
        required: ['sum'],
        additionalProperties: false,
      },
    });
    expect(schema.properties.sum).toEqual({ type: 'number', minimum: 1 });
  });

  it.each([{ type: 'number' }, {}, { type: 'object', properties: { any: {} } }])(
    'asks for nothing that the API does not take, such as %j',
    async (schema) => {
      expect(await outputFormat('m', schema)).toBeUndefined();
    },
  );
});
