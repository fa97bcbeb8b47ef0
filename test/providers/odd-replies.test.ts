import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Model } from '../../src/domain/model.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { encodeEvents, type ServedEvent } from '../../src/testing/replies.ts';
import { type Heard, hear, streamingFetch } from './streaming-fetch.ts';

const network = streamingFetch();

beforeAll(() => {
  vi.stubGlobal('fetch', network.fetch);
});

afterAll(() => {
  vi.unstubAllGlobals();
});

const encoder = new TextEncoder();

const json = (model: Model, value: unknown, wantsDeltas = false, contentType = 'application/json') => {
  const pieces = [encoder.encode(JSON.stringify(value))];
  void network.serve({ pieces, ending: 'end', contentType });
  return hear(model, wantsDeltas);
};

const stream = (model: Model, events: readonly ServedEvent[]) => {
  void network.serve({ pieces: [encodeEvents(events)], ending: 'end' });
  return hear(model);
};

/** Events that say nothing, as gateways, proxies and servers of other protocols write them. */
const SILENT: readonly ServedEvent[] = [
  ...['{}', '{ }', 'null', '[]', '[DONE]', '[done]', 'ping', '"ping"', 'keep-alive', 'true', '0', ''].flatMap(
    (data) => [{ data }, { event: 'ping', data }, { event: 'keepalive', data }],
  ),
  { data: '{"type":"ping"}' },
  { data: '{"type":"keepalive"}' },
  { event: 'end', data: '{}' },
  { event: 'metadata', data: '{"run_id":"x","attempt":1}' },
  { data: '{"error":null,"id":7}' },
  { event: 'ping', data: '{"time":"12:00"}' },
];

const messageEvent = (type: string, rest: object = {}): ServedEvent => ({
  event: type,
  data: JSON.stringify({ type, ...rest }),
});
const start = (message: object = {}) =>
  messageEvent('message_start', { message: { usage: { input_tokens: 5 }, content: [], ...message } });
const delta = (text: unknown, index: unknown = 0) =>
  messageEvent('content_block_delta', { index, delta: { type: 'text_delta', text } });
const stopped = (rest: object = { delta: { stop_reason: 'end_turn' } }) =>
  messageEvent('message_delta', { usage: { output_tokens: 2 }, ...rest });
const END = messageEvent('message_stop');

const candidate = (text: string, rest: object = { finishReason: 'STOP' }) => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, ...rest }],
});
const contentEvent = (content: unknown): ServedEvent => ({ data: JSON.stringify(content) });

const ANTHROPIC = anthropic('m', { apiKey: 'a key' });
const GOOGLE = {
  gemini: gemini('m', { apiKey: 'a key' }),
  googleGenAI: googleGenAI('m', { apiKey: 'a key' }),
};
const message = (rest: object = {}) => ({
  type: 'message',
  content: [{ type: 'text', text: '391' }],
  stop_reason: 'end_turn',
  ...rest,
});

const DIALECTS: readonly (readonly [string, Model, readonly ServedEvent[]])[] = [
  ['anthropic', ANTHROPIC, [start(), delta('3'), delta('91'), stopped(), END]],
  ...Object.entries(GOOGLE).map(
    ([name, model]) => [name, model, [candidate('3', {}), candidate('91')].map(contentEvent)] as const,
  ),
];

describe.each(DIALECTS)('a stream of %s', (_name, model, events) => {
  it.each(SILENT)('is whole with an event that says nothing, wherever it comes: %j', async (silent) => {
    for (let place = 0; place <= events.length; place += 1) {
      const { response, deltas } = await stream(model, events.toSpliced(place, 0, silent));
      expect(response).toMatchObject({ text: '391', finishReason: 'stop' });
      expect(deltas.join('')).toBe('391');
    }
  });

  it('is the whole answer or a failure, with events that say nothing and without its last ones', async () => {
    const silent = fc.array(fc.tuple(fc.constantFrom(...SILENT), fc.nat()), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(silent, fc.nat(), async (extra, cut) => {
        const left = [...events.slice(0, cut % events.length)];
        for (const [event, place] of extra) left.splice(place % (left.length + 1), 0, event);
        expect((await stream(model, left)).error).toMatchObject({ isRetryable: true });
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it.each(['{"candidates":[{"content"', '"content":{"parts":[{"text":"9"}]}}', 'x{"type":"x"}', '<html>'])(
    'fails if an event may be a piece that is broken: %s',
    async (data) => {
      for (const event of [{ data }, { event: 'content_block_delta', data }]) {
        const { response, error } = await stream(model, events.toSpliced(1, 0, event));
        expect(response).toBeUndefined();
        expect(error?.name).toBe('MalformedResponseError');
      }
    },
  );
});

describe('a message of Anthropic', () => {
  it.each([
    ['a text', '391'],
    ['a block', { type: 'text', text: '391' }],
    ['texts', ['3', '91']],
    ['a text and a block', ['3', { type: 'text', text: '91' }]],
  ])('is read if its content is %s', async (_what, content) => {
    expect((await json(ANTHROPIC, message({ content }))).response).toMatchObject({
      text: '391',
      finishReason: 'stop',
    });
  });

  it.each([[3], [[3]], [true], [null]])('is refused if its content is %j', async (content) => {
    expect((await json(ANTHROPIC, message({ content }))).error?.name).toBe('MalformedResponseError');
  });

  it.each<readonly [string, readonly ServedEvent[]]>([
    ['text in its first event', [start({ content: [{ type: 'text', text: '3' }] }), delta('91')]],
    ['a text as the content of its first event', [start({ content: '3' }), delta('91')]],
    ['all of its text in its first event', [start({ content: '391' })]],
    ['texts as indexes', [start(), delta('91', '1'), delta('3', '0')]],
    ['odd indexes', [start(), delta('3', true), delta('91', {})]],
    ['odd types', [start(), messageEvent('content_block_delta', { delta: { type: 1, text: '391' } })]],
    ['no indexes', [start(), messageEvent('content_block_delta', { delta: { text: '391' } })]],
    ['a text as a delta', [start(), messageEvent('content_block_delta', { delta: '391' })]],
    [
      'types as names alone',
      [start(), { event: 'content_block_delta', data: '{"delta":{"type":"text_delta","text":"391"}}' }],
    ],
    ['two pieces in one event', [{ data: `[${start().data},${delta('391').data}]` }]],
  ])('is whole with %s', async (_what, events) => {
    const { response, deltas } = await stream(ANTHROPIC, [...events, stopped(), END]);
    expect(response).toMatchObject({ text: '391', finishReason: 'stop' });
    expect(deltas.join('')).toHaveLength(3);
  });

  it.each<readonly [string, readonly ServedEvent[]]>([
    ['a piece without a piece', [delta('3'), { event: 'content_block_delta', data: '{}' }]],
    ['a piece of no type', [delta('3'), { data: '{"index":0,"delta":{"type":"text_delta","text":"9"}}' }]],
    ['a piece that is a number', [delta(3)]],
    ['a piece of an empty type', [messageEvent('', { delta: { text: '9' } }), delta('391')]],
    ['a text of an unknown type', [messageEvent('x', { delta: { text: '9' } }), delta('391')]],
  ])('fails with %s', async (_what, events) => {
    const { error } = await stream(ANTHROPIC, [start(), ...events, stopped(), END]);
    expect(error?.name).toBe('MalformedResponseError');
  });

  it('fails if its pieces repeat the text of its first event', async () => {
    const events = [start({ content: '391' }), delta('3'), delta('91'), stopped(), END];
    expect((await stream(ANTHROPIC, events)).error).toMatchObject({ isRetryable: true });
  });

  it('ends with message_stop alone, by its name too', async () => {
    const events = [start(), delta('391'), stopped()];
    expect((await stream(ANTHROPIC, [...events, { event: 'message_stop', data: '{}' }])).response?.text).toBe(
      '391',
    );
    for (const other of [[], [{ data: '[DONE]' }]]) {
      expect((await stream(ANTHROPIC, [...events, ...other])).error).toMatchObject({ isRetryable: true });
    }
  });

  it('has its stop reason also beside the delta', async () => {
    const events = [start(), delta('391'), stopped({ stop_reason: 'max_tokens', delta: {} }), END];
    expect((await stream(ANTHROPIC, events)).response?.finishReason).toBe('length');
  });

  it.each(['text/event-stream', 'text/event-stream; charset=utf-8'])(
    'may come in one piece as %s',
    async (contentType) => {
      expect(await json(ANTHROPIC, message(), true, contentType)).toMatchObject({
        deltas: ['391'],
        response: { text: '391', finishReason: 'stop' },
      });
    },
  );

  it.each([
    [{ error: { type: 'overloaded_error' } }, { name: 'ProviderError', isRetryable: true }],
    [{ error: { type: 'rate_limit_error' } }, { name: 'RateLimitError', isRetryable: true }],
    [{ error: { type: 'authentication_error' } }, { name: 'AuthenticationError', isRetryable: false }],
    [{ error: { type: 'invalid_request_error' } }, { name: 'InvalidRequestError', isRetryable: false }],
    [{ error: 'overloaded' }, { name: 'ProviderError', isRetryable: true }],
    [
      { type: 'overloaded_error', message: 'prose' },
      { name: 'ProviderError', isRetryable: true },
    ],
    [
      { type: 'odd_event', error: { code: 429 } },
      { name: 'RateLimitError', isRetryable: true },
    ],
    [[{ error: { type: 'rate_limit_error' } }], { name: 'RateLimitError', isRetryable: true }],
  ])('may be the error %j, in every form', async (body, expected) => {
    const beside = Array.isArray(body) ? [] : [await json(ANTHROPIC, { ...message(), ...body })];
    for (const { response, error } of [
      await json(ANTHROPIC, body),
      await json(ANTHROPIC, body, true),
      await json(ANTHROPIC, body, true, 'text/event-stream'),
      await stream(ANTHROPIC, [start(), delta('3'), contentEvent(body), delta('91'), stopped(), END]),
      ...beside,
    ]) {
      expect(response).toBeUndefined();
      expect(error).toMatchObject({ ...expected, status: 200 });
    }
  });

  it.each([[{}], [false], [''], [null]])('is no error with an error of %j beside it', async (error) => {
    expect((await json(ANTHROPIC, message({ error }))).response?.text).toBe('391');
    const events = [start(), messageEvent('content_block_delta', { error, delta: { text: '391' } })];
    expect(
      (await stream(ANTHROPIC, [...events, stopped({ error, stop_reason: 'end_turn' }), END])).response?.text,
    ).toBe('391');
  });
});

describe.each(Object.entries(GOOGLE))('an answer of %s', (_name, model) => {
  const both = async (content: object) => [
    await json(model, content),
    await json(model, content, true),
    await stream(model, [contentEvent(content)]),
  ];

  it.each([
    ['a part', { parts: { text: '391' } }],
    ['a text as its parts', { parts: '391' }],
    ['texts as its parts', { parts: ['3', '91'] }],
    ['a text', '391'],
    ['parts without an object around them', [{ text: '391' }]],
    ['an array', [{ parts: [{ text: '3' }] }, { parts: [{ text: '91' }] }]],
    ['a text without parts', { role: 'model', text: '391' }],
    ['thoughts in other words', { parts: [{ text: 'Hm', thought: 'true' }, { text: '391' }] }],
  ])('is read if its content is %s', async (_what, content) => {
    for (const { response } of await both({ candidates: [{ content, finishReason: 'STOP' }] })) {
      expect(response).toMatchObject({ text: '391', finishReason: 'stop' });
    }
  });

  it.each([[{ parts: [3] }], [{ parts: [{ text: 3 }] }], [{ parts: true }]])(
    'is refused if its content is %j',
    async (content) => {
      for (const { error } of await both({ candidates: [{ content, finishReason: 'STOP' }] })) {
        expect(error?.name).toBe('MalformedResponseError');
      }
    },
  );

  it.each([[3], [[[]]], [['x']], [true], ['x'], [[{ content: 3 }]], [[{ content: true }]]])(
    'fails if candidates of it are %j',
    async (candidates) => {
      const events = [candidate('3', {}), { candidates }, candidate('91')].map(contentEvent);
      for (const { error } of [
        await stream(model, events),
        await json(model, { candidates }),
        await json(model, [{ candidates }, candidate('391')], true),
      ]) {
        expect(error?.name).toBe('MalformedResponseError');
      }
    },
  );

  it.each([
    [{ finishReason: 1 }, 'stop'],
    [{ finishReason: '2' }, 'length'],
    [{ finishReason: 2 }, 'length'],
    [{ finishReason: 3 }, 'content-filter'],
    [{ finishReason: 4 }, 'content-filter'],
    [{ finishReason: 5 }, 'other'],
    [{ finish_reason: 'MAX_TOKENS' }, 'length'],
    [{ finish_reason: 'STOP', finishReason: 'MAX_TOKENS' }, 'length'],
  ])('with %j is told as %s', async (reason, expected) => {
    for (const { response } of await both(candidate('391', reason))) {
      expect(response).toMatchObject({ text: '391', finishReason: expected });
    }
  });

  it('is read with the names of protocol buffers', async () => {
    const content = {
      candidates: [{ content: { parts: [{ text: '391' }] }, finish_reason: 'STOP' }],
      usage_metadata: { prompt_token_count: 5, candidates_token_count: 2 },
      response_id: 'r-1',
    };
    for (const { response } of await both(content)) {
      expect(response).toMatchObject({
        text: '391',
        usage: { inputTokens: 5, outputTokens: 2 },
        requestId: 'r-1',
      });
    }
  });

  it.each([[[{ index: '1' }, { index: '0' }]], [[{ index: 1 }, {}]], [[{ index: 1 }, { index: null }]]])(
    'is read by its index among %j',
    async (indexes) => {
      const [other, first] = indexes;
      const candidates = [
        { ...other, content: { parts: [{ text: 'NO' }] }, finishReason: 'STOP' },
        { ...first, content: { parts: [{ text: '391' }] }, finishReason: 'STOP' },
      ];
      for (const { response } of await both({ candidates })) expect(response?.text).toBe('391');
    },
  );

  it('may come in an array', async () => {
    const whole = [candidate('391')];
    const pieces = [candidate('3', {}), {}, candidate('91')];
    for (const { response } of [
      await json(model, whole),
      await json(model, whole, true),
      await json(model, pieces, true),
      await json(model, pieces, true, 'text/event-stream'),
      await stream(model, [contentEvent(pieces)]),
    ]) {
      expect(response).toMatchObject({ text: '391', finishReason: 'stop' });
    }
    const { error } = await json(model, pieces.slice(0, 2), true);
    expect(error).toMatchObject({ name: 'MalformedResponseError', isRetryable: true });
  });

  it.each([[{}], [false], [''], [null], [0]])('is no error with an error of %j beside it', async (error) => {
    for (const { response } of await both({ ...candidate('391'), error })) {
      expect(response?.text).toBe('391');
    }
  });

  it.each([
    [[candidate('3'), { error: { code: 429 } }], { name: 'RateLimitError', isRetryable: true }],
    [{ error: 'quota exceeded' }, { name: 'RateLimitError', isRetryable: true }],
    [{ error: {} }, { name: 'ProviderError', isRetryable: true }],
    [{ error_code: 429 }, { name: 'RateLimitError', isRetryable: true }],
    [
      { ...candidate('391'), error_code: '503' },
      { name: 'ProviderError', isRetryable: true },
    ],
    [{ status: 'RESOURCE_EXHAUSTED' }, { name: 'RateLimitError', isRetryable: true }],
    [
      { status: 'UNAVAILABLE', message: 'prose' },
      { name: 'ProviderError', isRetryable: true },
    ],
    [
      { code: 403, status: 'PERMISSION_DENIED' },
      { name: 'AuthenticationError', isRetryable: false },
    ],
    [{ status: 429 }, { name: 'RateLimitError', isRetryable: true }],
    [
      { type: 'error', code: 400 },
      { name: 'InvalidRequestError', isRetryable: false },
    ],
  ])('may be the error %j, in every form', async (body, expected) => {
    for (const { response, error } of [
      ...(await both(body)),
      await stream(model, [
        contentEvent(candidate('3', {})),
        contentEvent(body),
        contentEvent(candidate('91')),
      ]),
    ]) {
      expect(response).toBeUndefined();
      expect(error).toMatchObject({ ...expected, status: 200 });
    }
  });

  it.each(['overloaded', 'null', '{}', '{"message":"prose"}'])(
    'is an error by the name of an event, whatever is in it: %s',
    async (data) => {
      const events = [
        contentEvent(candidate('3', {})),
        { event: 'error', data },
        contentEvent(candidate('91')),
      ];
      expect((await stream(model, events)).error).toMatchObject({ name: 'ProviderError', status: 200 });
    },
  );
});

describe('a finish reason that is not a word', () => {
  const REASONS: readonly (readonly [unknown, string])[] = [
    [{ name: 'MAX_TOKENS' }, 'length'],
    [{ type: 'max_tokens', length: 5 }, 'length'],
    [{ reason: 'max_tokens' }, 'length'],
    [['MAX_TOKENS'], 'length'],
    [{ type: 'stop' }, 'stop'],
    [{ type: 'stop', reason: 'max_tokens' }, 'length'],
    [{ type: 'finish', reason: 'length' }, 'length'],
    [99, 'other'],
    [-1, 'other'],
    [true, 'other'],
    [{ code: 7 }, 'other'],
    [{ name: 'GAVE_UP' }, 'other'],
  ];
  const forms: readonly (readonly [string, (reason: unknown) => Promise<readonly Heard[]>])[] = [
    [
      'anthropic',
      async (reason) => [
        await json(ANTHROPIC, message({ stop_reason: reason })),
        await stream(ANTHROPIC, [start(), delta('391'), stopped({ delta: { stop_reason: reason } }), END]),
      ],
    ],
    ...Object.entries(GOOGLE).map(
      ([name, model]) =>
        [
          name,
          async (reason: unknown) => [
            await json(model, candidate('391', { finishReason: reason })),
            await json(model, candidate('391', { finish_reason: reason })),
            await stream(
              model,
              [candidate('3', {}), candidate('91', { finishReason: reason })].map(contentEvent),
            ),
          ],
        ] as const,
    ),
  ];

  it.each(forms)('of %s is the word in it, and never a normal end without one', async (_name, hear) => {
    for (const [reason, expected] of REASONS) {
      const [whole, ...others] = await hear(reason);
      expect(whole?.response).toMatchObject({ text: '391', finishReason: expected });
      for (const { response, error } of others) {
        if (response === undefined) expect(error).toMatchObject({ isRetryable: true });
        else expect(response).toMatchObject({ text: '391', finishReason: expected });
      }
    }
  });
});
