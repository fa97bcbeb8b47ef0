import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isDelta, type Model, type ModelDelta } from '../../src/domain/model.ts';
import { providerWarnings } from '../../src/domain/provider-report.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { encodeEvents, type ServedEvent } from '../../src/testing/replies.ts';
import { type Ending, hear, streamingFetch } from './streaming-fetch.ts';

const network = streamingFetch();

beforeAll(() => {
  vi.stubGlobal('fetch', network.fetch);
});

// Connections are closed in the background; nothing else is awaited here.
afterEach(() => {
  vi.useRealTimers();
  return vi.waitFor(() => expect(network.open()).toBe(0), 30_000);
});

afterAll(() => {
  vi.unstubAllGlobals();
});

const encoder = new TextEncoder();

/** The timers that RxJS uses. */
const TIMERS: ('setInterval' | 'clearInterval' | 'Date')[] = ['setInterval', 'clearInterval', 'Date'];

const read = (model: Model, served: readonly ServedEvent[] | string, ending: Ending = 'end') => {
  const bytes = typeof served === 'string' ? encoder.encode(served) : encodeEvents(served);
  void network.serve({ pieces: [bytes], ending });
  return hear(model);
};

const json = (model: Model, body: unknown, wantsDeltas: boolean) => {
  const pieces = [encoder.encode(JSON.stringify(body))];
  void network.serve({ pieces, ending: 'end', contentType: 'application/json' });
  return hear(model, wantsDeltas);
};

describe.each(
  Object.entries({
    anthropic: () => anthropic('m', { apiKey: 'a key' }),
    gemini: () => gemini('m', { apiKey: 'a key' }),
    googleGenAI: () => googleGenAI('m', { apiKey: 'a key' }),
  }),
)('a reply to %s', (_name, create) => {
  const model = create();

  it.each([
    ['empty', '', true],
    ['blank', '\n \n\n', true],
    ['JSON that is cut', '{"content":[{"type":"te', true],
    ['a web page', '<!doctype html><title>Not found</title>', false],
  ])('with status 200 that is %s is malformed', async (_what, body, isRetryable) => {
    for (const wantsDeltas of [false, true]) {
      void network.serve({ pieces: [encoder.encode(body)], ending: 'end', contentType: 'application/json' });
      expect((await hear(model, wantsDeltas)).error).toMatchObject({
        name: 'MalformedResponseError',
        isRetryable,
      });
    }
  });

  it('is refused if it is a redirect, whose status browsers hide', async () => {
    const redirected = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
    vi.stubGlobal('fetch', async () => redirected);
    try {
      const fresh = create();
      expect((await hear(fresh, false)).error?.message).toContain('redirects are not followed');
    } finally {
      vi.stubGlobal('fetch', network.fetch);
    }
  });

  it('counts with numbers that JSON does not have', async () => {
    const content = '"content":[{"type":"text","text":"NaN 391"}],"stop_reason":"end_turn"';
    const candidates = '"candidates":[{"content":{"parts":[{"text":"NaN 391"}]},"avgLogprobs":NaN}]';
    const usage = '"usage":{"input_tokens":5,"output_tokens":7,"price":NaN}';
    const body = `{${content},${candidates},${usage}}`;
    void network.serve({ pieces: [encoder.encode(body)], ending: 'end', contentType: 'application/json' });
    expect((await hear(model, false)).response?.text).toBe('NaN 391');
  });
});

describe('a message of Anthropic', () => {
  const model = anthropic('m', { apiKey: 'a key' });

  const event = (type: string, rest: object = {}): ServedEvent => ({
    event: type,
    data: JSON.stringify({ type, ...rest }),
  });
  const start = event('message_start', { message: { id: 'msg_1', usage: { input_tokens: 5 } } });
  const text = (piece: unknown, index = 0): ServedEvent =>
    event('content_block_delta', { index, delta: { type: 'text_delta', text: piece } });
  const stop = event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7 } });
  const end = event('message_stop');
  const message = [start, text('391'), stop, end];

  const AFTER: Readonly<Record<string, string>> = {
    nothing: '',
    pings: 'event: ping\ndata: {"type":"ping"}\n\n: ping\n\n',
    'an error': 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n',
    'more text': new TextDecoder().decode(encodeEvents([text(' 4'), stop, end])),
    'the same end': new TextDecoder().decode(encodeEvents([stop, end])),
    'another message': new TextDecoder().decode(encodeEvents(message)),
    'no JSON': 'event: x\ndata: {"type":\n\n',
    'no events': '\0\xff<html>',
  };

  describe.each(Object.entries(AFTER))('with %s after it', (_what, after) => {
    it.each<Ending>(['end', 'reset', 'open'])(
      'stands, if the connection comes to this: %s',
      async (ending) => {
        const bytes = new TextDecoder().decode(encodeEvents(message)) + after;
        const { response, deltas } = await read(model, bytes, ending);
        expect(response).toMatchObject({
          text: '391',
          finishReason: 'stop',
          usage: { inputTokens: 5, outputTokens: 7 },
        });
        expect(deltas).toEqual(['391']);
      },
    );
  });

  it('is answered before its connection is closed', async () => {
    const { response } = await read(model, message, 'open');
    expect(response?.text).toBe('391');
    expect(network.open()).toBe(1);
  });

  it('is read by the index of its blocks', async () => {
    const { response } = await read(model, [start, text('91', 1), text('3', 0), text('!', 1), stop, end]);
    expect(response?.text).toBe('391!');
  });

  it('is refused if another one begins before its end, as some gateways do after a failure', async () => {
    const { error } = await read(model, [start, text('39'), ...message]);
    expect(error).toMatchObject({ name: 'MalformedResponseError', isRetryable: true });
  });

  it('takes the last usage that it reports', async () => {
    const usages = [{ output_tokens: 2 }, { input_tokens: 6 }, { output_tokens: 9, input_tokens: null }];
    const deltas = usages.map((usage) => event('message_delta', { delta: {}, usage }));
    const { response } = await read(model, [
      start,
      text('391'),
      ...deltas,
      event('message_delta', { delta: { stop_reason: 'end_turn' } }),
      end,
    ]);
    expect(response?.usage).toMatchObject({ inputTokens: 6, outputTokens: 9 });
  });

  it('is read if gateways leave out the names of events, or add lines to them', async () => {
    const bytes = message
      .map(
        ({ event: name, data }, index) =>
          `: ${index}\nid: ${index}\n${index % 2 ? '' : `event: ${name}\n`}data: ${data}\n\n`,
      )
      .join('');
    expect((await read(model, bytes)).response?.text).toBe('391');
  });

  it.each(['pause_turn', 'compaction'])('is no vote if the model stopped for %s', async (reason) => {
    const { response } = await read(model, [
      start,
      text('391'),
      event('message_delta', { delta: { stop_reason: reason } }),
      end,
    ]);
    expect(response?.finishReason).toBe('other');
  });

  it.each([
    ['overloaded_error', { name: 'ProviderError', isRetryable: true }],
    ['api_error', { name: 'ProviderError', isRetryable: true }],
    ['rate_limit_error', { name: 'RateLimitError', isRetryable: true }],
    ['authentication_error', { name: 'AuthenticationError', isRetryable: false }],
    ['invalid_request_error', { name: 'InvalidRequestError', isRetryable: false }],
  ])('may be the error %s, in every form', async (type, expected) => {
    const body = { type: 'error', error: { type, message: 'prose' } };
    const data = JSON.stringify(body);
    for (const { response, error } of [
      await read(model, [start, text('39'), { event: 'error', data }]),
      await read(model, [start, text('39'), { data }]),
      await read(model, [{ event: 'message_start', data }]),
      await json(model, body, true),
      await json(model, body, false),
    ]) {
      expect(response).toBeUndefined();
      expect(error).toMatchObject({ ...expected, status: 200, code: type });
      expect(error?.costUsd).toBeUndefined();
      expect(error?.message).not.toContain('prose');
    }
  });

  it('may come in one piece although a stream was requested', async () => {
    const body = { type: 'message', content: [{ type: 'text', text: '391' }], stop_reason: 'end_turn' };
    expect(await json(model, body, true)).toMatchObject({ deltas: ['391'], response: { text: '391' } });
  });

  it('counts without its blocks that are null, with a warning', async () => {
    const content = [null, { type: 'text', text: '391' }, { type: 'text', text: null }];
    const { response } = await json(model, { content, stop_reason: 'end_turn' }, false);
    expect(response?.text).toBe('391');
    expect(providerWarnings(response)).toEqual(['skipped a content block that is null']);
  });
});

describe.each(
  Object.entries({
    gemini: gemini('m', { apiKey: 'a key', confidence: 'logprobs' }),
    googleGenAI: googleGenAI('m', { apiKey: 'a key', confidence: 'logprobs' }),
  }),
)('an answer of %s', (_name, model) => {
  const piece = (text: string | undefined, candidate: object = {}, rest: object = {}): ServedEvent => ({
    data: JSON.stringify({
      candidates: [{ index: 0, ...(text !== undefined && { content: { parts: [{ text }] } }), ...candidate }],
      ...rest,
    }),
  });
  const STOP = { finishReason: 'STOP' };
  const usage = { data: JSON.stringify({ usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 7 } }) };

  it.each([
    ['with the last text', [piece('39'), piece('1', STOP)]],
    ['after it', [piece('39'), piece('1'), piece(undefined, STOP)]],
    ['before its usage', [piece('39'), piece('1', STOP), usage]],
    ['twice', [piece('39'), piece('1', STOP), piece('1', STOP)]],
  ])('stands if its connection stays open and its only finish reason came %s', async (_what, events) => {
    vi.useFakeTimers({ toFake: TIMERS });
    const waiting = network.serve({ pieces: [encodeEvents(events)], ending: 'open' });
    const answer = hear(model);
    await waiting;
    await vi.advanceTimersByTimeAsync(250);
    const { response, deltas } = await answer;
    expect(response).toMatchObject({ text: '391', finishReason: 'stop' });
    expect(deltas).toEqual(['39', '1']);
  });

  it.each([
    ['in every event', [piece('39', STOP)]],
    ['in every event, thrice', [piece('3', STOP), piece('9', STOP)]],
    ['before the text', [piece('', STOP), piece('39'), piece('', STOP)]],
    ['in the middle', [piece('3'), piece('9', STOP), piece('1')]],
  ])('is waited for if its finish reason came %s', async (_what, events) => {
    vi.useFakeTimers({ toFake: TIMERS });
    const waiting = network.serve({ pieces: [encodeEvents(events)], ending: 'open' });
    const outputs: unknown[] = [];
    const end = (): void => void outputs.push('end');
    const subscription = model
      .call({ prompt: '?', messages: [{ role: 'user', content: '?' }], wantsDeltas: true })
      .subscribe({ next: (output) => outputs.push(output), error: end, complete: end });
    await waiting;
    await vi.advanceTimersByTimeAsync(3_600_000);
    subscription.unsubscribe();
    expect(outputs.length).toBeGreaterThan(0);
    expect(outputs.every((output) => isDelta(output as ModelDelta))).toBe(true);
  });

  it.each([
    ['before any text', [piece('', STOP), piece('39')]],
    ['before more text', [piece('3', STOP), piece('9')]],
    ['in the middle', [piece('3'), piece('9', STOP), piece('1')]],
  ])('is cut off if its last text has no finish reason, and one came %s', async (_what, events) => {
    expect((await read(model, events)).error).toMatchObject({ isRetryable: true });
  });

  it.each([
    ['a finish reason at the start', [piece('', STOP), piece('39'), piece('1'), piece('', STOP)]],
    ['a finish reason in the middle', [piece('39'), piece('', STOP), piece('1', STOP)]],
    ['empty candidates', [piece('39'), { data: '{"candidates":[]}' }, piece('1', STOP)]],
    ['a last event that is sent twice', [piece('39'), piece('1', STOP), piece('1', STOP)]],
    [
      'another candidate first',
      [
        { data: '{"candidates":[{"index":1,"content":{"parts":[{"text":"NO"}]},"finishReason":"STOP"}]}' },
        {
          data: '{"candidates":[{"index":1,"content":{"parts":[{"text":"NO"}]}},{"index":0,"content":{"parts":[{"text":"39"}]}}]}',
        },
        piece('1', STOP),
      ],
    ],
    [
      'no index',
      [
        {
          data: '{"candidates":[{"content":{"parts":[{"text":"39"}]}},{"index":1,"content":{"parts":[{"text":"NO"}]}}]}',
        },
        piece('1', STOP),
      ],
    ],
    [
      'null parts',
      [
        { data: '{"candidates":[{"content":{"parts":[null,{"text":"39"},{"text":null}]}}]}' },
        piece('1', { ...STOP, safetyRatings: [null, 'odd'], citationMetadata: 3 }),
      ],
    ],
  ])('is whole with %s', async (_what, events) => {
    expect((await read(model, events)).response).toMatchObject({ text: '391', finishReason: 'stop' });
  });

  it.each(['', 'BLOCK_REASON_UNSPECIFIED', null])(
    'is whole if its prompt is blocked for %j',
    async (blockReason) => {
      const events = [piece('39', {}, { promptFeedback: { blockReason } }), piece('1', STOP)];
      expect((await read(model, events)).response).toMatchObject({ text: '391', finishReason: 'stop' });
    },
  );

  it('is refused if its only event is sent twice, because it may be a text that repeats itself', async () => {
    expect((await read(model, [piece('391', STOP), piece('391', STOP)])).error).toMatchObject({
      name: 'MalformedResponseError',
      isRetryable: true,
    });
  });

  it('is read if gateways add lines to events, divide their JSON, or leave ends of lines in it', async () => {
    const events = [piece('3\u20289'), piece('1', STOP)]
      .map(
        ({ data }, index) =>
          `: ${index}\nid: ${index}\nevent: piece\ndata: ${data.replace('],', '],\ndata: ')}\n\n`,
      )
      .join('');
    expect((await read(model, events)).response?.text).toBe('3\u202891');
  });

  it.each(['1e999', '"low"', '0.5', '{}'])(
    'counts with avgLogprobs of %s, dropped with a warning',
    async (odd) => {
      const candidate = `{"content":{"parts":[{"text":"391"}]},"finishReason":"STOP","avgLogprobs":${odd}}`;
      const { response } = await read(model, `data: {"candidates":[${candidate}]}\n\n`);
      expect(response?.text).toBe('391');
      expect(response?.confidence).toBeUndefined();
      expect(providerWarnings(response)).toHaveLength(1);
    },
  );

  it.each([
    [
      { code: 429, status: 'RESOURCE_EXHAUSTED' },
      { name: 'RateLimitError', isRetryable: true },
    ],
    [{ status: 'RESOURCE_EXHAUSTED' }, { name: 'RateLimitError', isRetryable: true }],
    [
      { code: 14, status: 'UNAVAILABLE' },
      { name: 'ProviderError', isRetryable: true },
    ],
    [{ code: 503 }, { name: 'ProviderError', isRetryable: true }],
    [{ code: '503' }, { name: 'ProviderError', isRetryable: true }],
    [{ status: 'UNAUTHENTICATED' }, { name: 'AuthenticationError', isRetryable: false }],
    [{ status: 'PERMISSION_DENIED' }, { name: 'AuthenticationError', isRetryable: false }],
    [
      { code: 9, status: 'FAILED_PRECONDITION' },
      { name: 'InvalidRequestError', isRetryable: false },
    ],
    [{ status: 'INVALID_ARGUMENT' }, { name: 'InvalidRequestError', isRetryable: false }],
    [{ message: 'alone' }, { name: 'ProviderError', isRetryable: true }],
  ])('may be the error %j, in every form', async (error, expected) => {
    const data = JSON.stringify({ error });
    for (const heard of [
      await read(model, [piece('39'), { data }]),
      // Also if every event has a finish reason.
      await read(model, [piece('39', STOP), { data }]),
      await read(model, [{ event: 'error', data }]),
      await json(model, { error }, true),
      await json(model, { error }, false),
      await json(model, [{ error }], true),
    ]) {
      expect(heard.response).toBeUndefined();
      expect(heard.error).toMatchObject({ ...expected, status: 200 });
      expect(heard.error?.costUsd).toBeUndefined();
    }
  });
});
