import fc from 'fast-check';
import OpenAI from 'openai';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/domain/errors.ts';
import { isDelta, type Model, type ModelResponse } from '../../src/domain/model.ts';
import { providerWarnings } from '../../src/domain/provider-report.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

interface Served {
  readonly pieces: readonly Uint8Array[];
  /** How the body ends: in order, with a lost connection, or not at all. Default `'end'`. */
  readonly ending?: 'end' | 'reset' | 'open';
  readonly contentType?: string;
}

const serving = ({ pieces, ending = 'end', contentType = 'text/event-stream' }: Served) => {
  const seen = { isClosed: false };
  const fetch = async (_url: unknown, init?: { signal?: AbortSignal | null }): Promise<Response> => {
    const left = pieces.values();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        init?.signal?.addEventListener('abort', () => {
          seen.isClosed = true;
          controller.error(init.signal?.reason);
        });
      },
      pull(controller) {
        const { value, done } = left.next();
        if (!done) controller.enqueue(value);
        else if (ending === 'end') controller.close();
        else if (ending === 'reset') controller.error(new TypeError('terminated'));
        else return new Promise(() => undefined);
        return undefined;
      },
      cancel() {
        seen.isClosed = true;
      },
    });
    return new Response(body, { headers: { 'content-type': contentType } });
  };
  return { fetch: fetch as typeof globalThis.fetch, seen };
};

interface Options {
  readonly finish?: 'optional';
}

const PROVIDERS: Readonly<Record<string, (fetch: typeof globalThis.fetch, options: Options) => Model>> = {
  openai: (fetch, options) => openai('m', { client: new OpenAI({ apiKey: 'a key', fetch }), ...options }),
  openaiCompatible: (fetch, options) =>
    openaiCompatible('m', { baseURL: 'http://localhost/v1', fetch, ...options }),
};

interface Read {
  readonly deltas: readonly string[];
  readonly response?: ModelResponse;
  readonly error?: unknown;
}

const read = (model: Model): Promise<Read> => {
  const deltas: string[] = [];
  return lastValueFrom(model.call({ ...toRequest('?'), wantsDeltas: true }).pipe(toArray())).then(
    (values) => {
      for (const value of values) if (isDelta(value)) deltas.push(value.delta);
      const response = values.find((value): value is ModelResponse => !isDelta(value));
      return { deltas, ...(response && { response }) };
    },
    (error: unknown) => ({ deltas, error }),
  );
};

const encoder = new TextEncoder();
const event = (data: string): Uint8Array => encoder.encode(`data: ${data}\n\n`);

const chunk = (content: string | null, finish_reason?: unknown, rest: object = {}): string =>
  JSON.stringify({
    choices: [{ index: 0, delta: content === null ? {} : { content }, finish_reason, ...rest }],
  });

const USAGE = JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } });
const DONE = '[DONE]';
const [FOUR, TWO, STOP] = [chunk('4', null), chunk('2', null), chunk(null, 'stop')];

const WHOLE = '42';
const FAILS = undefined;

describe.each(Object.entries(PROVIDERS))('a stream of %s', (_name, create) => {
  const readServed = async (served: Served, options: Options = {}) => {
    const { fetch, seen } = serving(served);
    return { ...(await read(create(fetch, options))), seen };
  };

  it.each<
    readonly [what: string, events: readonly string[], ending: Served['ending'], text: string | undefined]
  >([
    ['all parts', [FOUR, TWO, STOP, USAGE, DONE], 'end', WHOLE],
    ['an end without [DONE]', [FOUR, TWO, STOP], 'end', WHOLE],
    ['a lost connection before [DONE]', [FOUR, TWO, STOP], 'reset', FAILS],
    ['a lost connection before the finish reason', [FOUR, TWO], 'reset', FAILS],
    ['an end before the finish reason', [FOUR, TWO], 'end', FAILS],
    ['[DONE] without a finish reason', [FOUR, TWO, DONE], 'end', FAILS],
    ['a lost connection after [DONE]', [FOUR, TWO, STOP, DONE], 'reset', WHOLE],
    ['an open connection after [DONE]', [FOUR, TWO, STOP, DONE], 'open', WHOLE],
    ['an open connection after the usage', [FOUR, TWO, STOP, USAGE], 'open', WHOLE],
    [
      'anything after [DONE]',
      [FOUR, TWO, STOP, DONE, chunk('3', 'length'), '{"error":{}}', '<b>'],
      'open',
      WHOLE,
    ],
    ['an error after the finish reason', [FOUR, TWO, STOP, '{"error":{"code":500}}', DONE], 'end', FAILS],
    ['the usage before the finish reason', [FOUR, USAGE, TWO, STOP, DONE], 'end', WHOLE],
    ['text after the finish reason', [FOUR, STOP, TWO, DONE], 'end', WHOLE],
    ['text after the finish reason, and no [DONE]', [FOUR, STOP, TWO], 'end', FAILS],
    ['one chunk with everything', [chunk('42', 'stop')], 'end', WHOLE],
    ['empty data', [FOUR, '', ' ', TWO, STOP, DONE], 'end', WHOLE],
    ['spaces around [DONE]', [FOUR, TWO, STOP, ' [DONE] '], 'open', WHOLE],
    ['comments alone', [], 'end', FAILS],
  ])('with %s', async (_what, events, ending = 'end', text) => {
    const pieces = [encoder.encode(': a comment\n\n'), ...events.map(event)];
    const { response, error, deltas } = await readServed({ pieces, ending });
    expect(response?.text).toBe(text);
    expect(error === undefined).toBe(text !== undefined);
    if (text !== undefined) expect(deltas.join('')).toBe(text);
    else expect(error).toMatchObject({ isRetryable: true });
  });

  it.each([[''], ['null'], [null], [undefined], [7], [false], ['None'], ['FINISH_REASON_UNSPECIFIED']])(
    'goes on at a finish reason of %j',
    async (nothing) => {
      const events = [chunk('4', nothing), chunk('2', nothing), chunk('', nothing)].map(event);
      for (const ending of ['end', 'reset'] as const) {
        for (const last of [[], [event(DONE)]]) {
          expect(await readServed({ pieces: [...events, ...last], ending })).toMatchObject({
            error: { isRetryable: true },
          });
        }
        const { response } = await readServed({ pieces: [...events, event(STOP), event(DONE)], ending });
        expect(response?.text).toBe(WHOLE);
      }
    },
  );

  it('goes on at a finish reason that is in every chunk, until the server says that it is done', async () => {
    const repeated = ['4', '2', ''].map((text) => event(chunk(text, 'stop')));
    for (let count = 0; count <= repeated.length; count += 1) {
      const cut = await readServed({ pieces: repeated.slice(0, count), ending: 'reset' });
      expect(cut).toMatchObject({ error: { isRetryable: true } });
    }
    for (const last of [[], [event(USAGE)], [event(USAGE), event(DONE)]]) {
      expect((await readServed({ pieces: [...repeated, ...last] })).response?.text).toBe(WHOLE);
    }
    const done = await readServed({ pieces: [...repeated, event(DONE)], ending: 'open' });
    expect(done.response?.text).toBe(WHOLE);
  });

  it('closes a connection that stays open', async () => {
    const { seen } = await readServed({ pieces: [FOUR, TWO, STOP, DONE].map(event), ending: 'open' });
    await expect.poll(() => seen.isClosed, { timeout: 4000 }).toBe(true);
  });

  it('closes the connection of an event that cannot be read', async () => {
    for (const broken of [
      '<html>',
      '{"choices":[{"delta":{"content":true}}]}',
      '{"content":"2"}',
      '{"error":{"code":401}}',
    ]) {
      const { error, seen } = await readServed({ pieces: [event(FOUR), event(broken)], ending: 'open' });
      expect(error).toBeInstanceOf(ModelError);
      await expect.poll(() => seen.isClosed, { timeout: 4000 }).toBe(true);
    }
  });

  it('says what to set for a server that writes no finish reasons', async () => {
    const { error } = await readServed({ pieces: [FOUR, TWO, DONE].map(event) });
    expect((error as Error).message).toContain("set finish: 'optional'");
  });

  it('is read by its first bytes, if JSON or HTML comes in place of events', async () => {
    const whole = '{"choices":[{"message":{"content":"42"},"finish_reason":"stop"}]}';
    for (const space of ['', ' \n', '\uFEFF']) {
      const pieces = [...`${space}${whole}`].map((character) => encoder.encode(character));
      expect((await readServed({ pieces })).response?.text).toBe(WHOLE);
    }
    const failure = async (body: string) => (await readServed({ pieces: [encoder.encode(body)] })).error;
    expect(await failure('{"error":{"code":"invalid_api_key"}}')).toMatchObject({
      name: 'AuthenticationError',
      isRetryable: false,
    });
    expect(await failure('<html>')).toMatchObject({ name: 'MalformedResponseError', isRetryable: false });
    expect(await failure(' \n')).toMatchObject({ name: 'MalformedResponseError', isRetryable: true });
  });

  it('needs no finish reason of a server that writes none, but the sign of an end', async () => {
    const optional = { finish: 'optional' } as const;
    for (const [events, ending, text] of [
      [[FOUR, TWO, DONE], 'open', WHOLE],
      [[FOUR, TWO, USAGE, DONE], 'end', WHOLE],
      [[FOUR, TWO, USAGE], 'end', WHOLE],
      [[FOUR, TWO, STOP], 'end', WHOLE],
      [[FOUR, TWO], 'end', FAILS],
      [[FOUR, TWO], 'reset', FAILS],
      [[FOUR, TWO, USAGE], 'reset', FAILS],
      [[FOUR, USAGE, TWO], 'end', FAILS],
    ] as const) {
      const { response } = await readServed({ pieces: events.map(event), ending }, optional);
      expect(response?.text, `${events.length} events, ${ending}`).toBe(text);
    }
  });

  it('is read by the index of its choices, in any order', async () => {
    const other = (text: string, finish_reason: unknown = null) => ({
      index: 1,
      delta: { content: text },
      finish_reason,
      error: finish_reason === null ? null : { code: 500 },
    });
    const mine = (text: string, finish_reason: unknown = null) => ({
      index: 0,
      delta: { content: text },
      finish_reason,
    });
    const pieces = [
      [other('N')],
      [other('O'), mine('4')],
      [mine('2'), other('!', 'length')],
      [other('', 'stop')],
      [mine('', 'stop')],
    ].map((choices) => event(JSON.stringify({ choices })));
    for (const last of [[], [event(DONE)]]) {
      const { response, deltas } = await readServed({ pieces: [...pieces, ...last] });
      expect(response).toMatchObject({ text: WHOLE, finishReason: 'stop' });
      expect(deltas).toStrictEqual(['4', '2']);
    }
    expect((await readServed({ pieces: pieces.slice(0, -1) })).error).toBeInstanceOf(ModelError);
  });

  it('is an answer whatever its usage and probabilities, and says what it dropped', async () => {
    const odd = fc.constantFrom(-1, 1.5, 'many', true, null, [], {}, 1e300);
    const oddLogprob = fc.constantFrom(0.5, '-0.1', true, null, [], {});
    await fc.assert(
      fc.asyncProperty(odd, odd, odd, oddLogprob, async (input, output, total, logprob) => {
        const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: total };
        const pieces = [
          chunk('42', null, { logprobs: { content: [{ token: '42', logprob }] } }),
          STOP,
          JSON.stringify({ choices: [], usage }),
          DONE,
        ].map(event);
        const { response } = await readServed({ pieces });
        expect(response).toMatchObject({ text: WHOLE, finishReason: 'stop' });
        expect(response).not.toHaveProperty('confidence');
        const dropped = [input, output, total].filter((count) => count !== null).length;
        // And the probability, which is odd as well.
        expect(providerWarnings(response)).toHaveLength(dropped + 1);
      }),
      { numRuns: 60, seed: 12 },
    );
  });

  it('gives its whole answer or fails, however it is divided, cut and ended', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), {
      minLength: 2,
      maxLength: 5,
    });
    const nothing = fc.constantFrom<unknown>(undefined, null, '', 'null');
    const newline = fc.constantFrom('\n', '\r\n', '\r');
    const ending = fc.constantFrom('end' as const, 'reset' as const);
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.record({ nothing, newline, ending, isRepeated: fc.boolean(), hasSpace: fc.boolean() }),
        fc.shuffledSubarray([USAGE, DONE, ': ping', '']),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.option(fc.nat()),
        async (parts, shape, tail, places, cut) => {
          const right = parts.join('');
          const chunks = parts.map((part) => chunk(part, shape.isRepeated ? 'stop' : shape.nothing));
          const lines = [...chunks, STOP, ...tail].map((data) =>
            data.startsWith(':') ? data : `data:${shape.hasSpace ? ' ' : ''}${data}`,
          );
          const { newline } = shape;
          const all = encoder.encode(lines.map((line) => line + newline + newline).join(''));
          const bytes = cut === null ? all : all.subarray(0, cut % (all.length + 1));
          const at = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
          const pieces = [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
          // A body that ends in order after a finish reason cannot be told from a whole one.
          const isDecided = !(shape.isRepeated && shape.ending === 'end');
          const { response, error } = await readServed({
            pieces: pieces.filter(({ length }) => length > 0),
            ending: shape.ending,
          });
          if (response === undefined) expect(error).toMatchObject({ isRetryable: true });
          else if (isDecided) expect(response.text).toBe(right);
          if (cut === null && (shape.ending === 'end' || tail.includes(DONE))) {
            expect(response?.text).toBe(right);
          }
        },
      ),
      { numRuns: 400, seed: 12 },
    );
  });

  const lines = (text: string): Served['pieces'] => [encoder.encode(text)];
  const events = (...all: readonly string[]): string => all.map((data) => `data: ${data}\n\n`).join('');

  it.each([
    ...['null', '{}', '[]', '0', '""', '"ping"', 'ping', 'keep-alive', '[HEARTBEAT]', '{"type":"ping"}'],
    ...['{"choices":null}', '{"choices":[]}', '{"error":null}', '{"error":{}}', '{"id":"r","model":"m"}'],
    ...['{"choices":null,"usage":null}', '{"prompt_filter_results":[{"prompt_index":0}]}', '{"cost":0.001}'],
    ...[
      '{"type":"ping","message":"still here"}',
      '{"base_resp":{"status_code":0}}',
      '{"timings":{"predicted_n":5}}',
    ],
  ])('is whole with an event that says nothing: %s', async (nothing) => {
    for (const event of ['', 'event: ping\n', 'event: metadata\n', 'event: keepalive\n']) {
      const idle = `${event}data: ${nothing}\n\n`;
      for (const bytes of [
        idle + events(FOUR, TWO, STOP, DONE),
        events(FOUR) + idle + events(TWO, STOP) + idle + events(DONE),
        events(FOUR, TWO, STOP) + idle,
        idle + events(FOUR, TWO, STOP, USAGE) + idle,
      ]) {
        const { response, deltas } = await readServed({ pieces: lines(bytes) });
        expect(response).toMatchObject({ text: WHOLE, finishReason: 'stop' });
        expect(deltas.join('')).toBe(WHOLE);
      }
      expect(await readServed({ pieces: lines(events(FOUR) + idle) })).toMatchObject({
        error: { isRetryable: true },
      });
    }
  });

  it.each([
    ...['event: ping\ndata: ping', 'event: keepalive\ndata: x', 'event: end\ndata: {}', 'event: done\ndata:'],
    ...['event: heartbeat\ndata: 12:01', 'event: complete\ndata: bye'],
  ])('is whole with an event whose name says it all: %j', async (idle) => {
    const name = idle.includes('end') || idle.includes('done') || idle.includes('complete');
    const bytes = `${name ? '' : `${idle}\n\n`}${events(FOUR, TWO, STOP)}${idle}\n\n`;
    expect((await readServed({ pieces: lines(bytes) })).response?.text).toBe(WHOLE);
    const early = `${events(FOUR)}${idle}\n\n${events(TWO, STOP, DONE)}`;
    expect((await readServed({ pieces: lines(early) })).response?.text).toBe(WHOLE);
  });

  it.each([
    ...['data: [DONE]\n', 'data: [DONE]', 'data:[DONE]\r', 'data: [done]\n\n', 'data: "[DONE]"\n\n'],
    ...['data: DONE\n\n', 'data: [DONE];\n\n', 'data: data: [DONE]\n\n', 'event: end\ndata: {}\n\n'],
    ...['event: done\ndata: [DONE]\n\n', 'event: done\ndata: ok\n\n', 'data: [DONE]\0\n\n'],
  ])('has ended with %j, though the connection stays open', async (last) => {
    for (const bytes of [events(FOUR, TWO, STOP) + last, events(chunk('42', 'stop')) + last]) {
      const { response, seen } = await readServed({ pieces: lines(bytes), ending: 'open' });
      expect(response?.text).toBe(WHOLE);
      await expect.poll(() => seen.isClosed, { timeout: 4000 }).toBe(true);
      const single = [...bytes].map((character) => encoder.encode(character));
      expect((await readServed({ pieces: single, ending: 'open' })).response?.text).toBe(WHOLE);
      expect((await readServed({ pieces: lines(bytes) })).response?.text).toBe(WHOLE);
    }
    const early = await readServed({ pieces: lines(events(FOUR) + last) });
    expect(early).toMatchObject({ error: { isRetryable: true } });
  });

  it('is whole if empty lines between its events are missing', async () => {
    const bytes = events(FOUR, TWO, STOP, DONE);
    for (const one of [bytes.replaceAll('\n\n', '\n'), bytes.replace('\n\ndata: [DONE]', '\ndata: [DONE]')]) {
      for (const ending of ['end', 'open'] as const) {
        expect((await readServed({ pieces: lines(one), ending })).response?.text).toBe(WHOLE);
      }
    }
    const cut = events(FOUR, TWO).replaceAll('\n\n', '\n');
    expect((await readServed({ pieces: lines(cut) })).error).toMatchObject({ isRetryable: true });
  });

  it('has ended with the usage alone after the finish reason', async () => {
    for (const all of [
      [chunk('42', 'stop'), USAGE],
      [chunk('', null), chunk('42', 'stop'), USAGE],
      [chunk('4', null), chunk('2', 'stop'), USAGE],
      [FOUR, TWO, STOP, STOP, USAGE],
      // A finish reason in every chunk, and the usage after it.
      [chunk('4', 'stop'), chunk('2', 'stop'), USAGE],
    ]) {
      const { response } = await readServed({ pieces: all.map(event), ending: 'open' });
      expect(response).toMatchObject({ text: WHOLE, usage: { inputTokens: 3 } });
    }
  });

  it('goes on after the usage alone if a finish reason is in every chunk', async () => {
    const all = [chunk('4', 'stop'), chunk('', 'stop'), USAGE, chunk('2', 'stop'), USAGE, DONE];
    expect((await readServed({ pieces: all.map(event) })).response?.text).toBe(WHOLE);
  });

  it.each([
    ...[
      'not_finished',
      'in_progress',
      'FinishReason.FINISH_REASON_UNSPECIFIED',
      '<nil>',
      'nullptr',
      'unknown',
    ],
    ...['NaN', 'n/a', 0, 1, {}],
  ])('has the reason of its end, after %j in every chunk', async (interim) => {
    const all = [chunk('4', interim), chunk('2', interim), chunk('', interim)];
    for (const [reason, known] of [
      ['stop', 'stop'],
      ['length', 'length'],
      [{ type: 'max_tokens' }, 'length'],
    ] as const) {
      const pieces = [...all, chunk(null, reason), DONE].map(event);
      expect((await readServed({ pieces })).response).toMatchObject({ text: WHOLE, finishReason: known });
    }
    const { response } = await readServed({ pieces: [...all, DONE].map(event) });
    expect(response?.finishReason ?? 'other').toBe('other');
    const corrected = [FOUR, TWO, chunk(null, 'length'), chunk(null, interim), STOP, DONE].map(event);
    expect((await readServed({ pieces: corrected })).response?.finishReason).not.toBe('stop');
  });

  it('is cut if it says so in another place', async () => {
    const places = [
      { choices: [{ index: 0, delta: {}, finish_reason: null, native_finish_reason: 'MAX_TOKENS' }] },
      { choices: [{ index: 0, delta: { finish_reason: 'length' } }] },
      { choices: [{ index: 0, delta: {}, finish_details: { type: 'max_tokens' } }] },
      { choices: [], finish_reason: 'length' },
      { done_reason: 'length' },
    ];
    for (const place of places) {
      for (const last of [[DONE], [STOP, DONE]]) {
        const pieces = [FOUR, TWO, JSON.stringify(place), ...last].map(event);
        expect((await readServed({ pieces })).response?.finishReason).toBe('length');
      }
    }
  });

  it('does not end at the reason of a provider behind a router', async () => {
    const native = (text: string) => chunk(text, null, { native_finish_reason: 'STOP' });
    for (const last of [[], [DONE]]) {
      const { error } = await readServed({ pieces: [native('4'), native('2'), ...last].map(event) });
      expect(error).toMatchObject({ isRetryable: true });
    }
  });

  it.each<readonly [what: string, choices: readonly object[]]>([
    ['messages', [{ message: { content: '4' } }, { message: { content: '2' } }]],
    ['one message', [{ message: { role: 'assistant', content: '42' } }]],
    ['texts', [{ text: '4' }, { text: '2' }]],
    ['deltas that are texts', [{ delta: '4' }, { delta: '2' }]],
    ['deltas with a text', [{ delta: { text: '4' } }, { delta: { text: '2' } }]],
    ['parts', [{ delta: { content: { type: 'text', text: '4' } } }, { delta: { content: ['2'] } }]],
    ['numbers', [{ delta: { content: 4 } }, { delta: { content: 2 } }]],
    [
      'deltas, and a message that repeats them',
      [{ delta: { content: '42' } }, { message: { content: '42' } }],
    ],
    ['deltas, and an empty message', [{ delta: { content: '42' } }, { delta: {}, message: { content: '' } }]],
  ])('has the text of %s', async (_what, choices) => {
    const pieces = [...choices.map((choice) => JSON.stringify({ choices: [choice] })), STOP, DONE].map(event);
    const { response, deltas } = await readServed({ pieces });
    expect(response?.text).toBe(WHOLE);
    expect(deltas.join('')).toBe(WHOLE);
  });

  it.each<readonly [what: string, first: object, second: object]>([
    ['messages that grow', { message: { content: '4' } }, { message: { content: '42' } }],
    ['deltas, and another message', { delta: { content: '4' } }, { message: { content: '42' } }],
    [
      'a part of an unknown type',
      { delta: { content: '4' } },
      { delta: { content: [{ type: 'x', text: '2' }] } },
    ],
  ])('fails with %s, because its text is not sure', async (_what, first, second) => {
    const pieces = [...[first, second].map((choice) => JSON.stringify({ choices: [choice] })), STOP, DONE];
    expect((await readServed({ pieces: pieces.map(event) })).error).toBeInstanceOf(ModelError);
  });

  it('has the only choice whatever its index, and fails with its error', async () => {
    const atOne = (text: string): string => text.replace('"index":0', '"index":1');
    for (const last of [[], [DONE], [USAGE, DONE]]) {
      const pieces = [...[FOUR, TWO, STOP].map(atOne), ...last].map(event);
      const { response, deltas } = await readServed({ pieces });
      expect(response).toMatchObject({ text: WHOLE, finishReason: 'stop' });
      expect(deltas.join('')).toBe(WHOLE);
    }
    for (const rest of [[], [DONE]]) {
      const cut = [atOne(FOUR), ...rest].map(event);
      expect((await readServed({ pieces: cut })).error).toMatchObject({ isRetryable: true });
    }
    const failed = [atOne(FOUR), atOne(chunk(null, 'stop', { error: { code: 429 } })), DONE].map(event);
    expect((await readServed({ pieces: failed })).error).toMatchObject({ name: 'RateLimitError' });
    const counted = ['"index":0', '"index":1', '"index":2'];
    const each = [FOUR, TWO, STOP].map((text, place) => text.replace('"index":0', counted[place] ?? ''));
    expect((await readServed({ pieces: [...each, DONE].map(event) })).error).toMatchObject({
      isRetryable: true,
    });
  });

  it.each<readonly [body: string, error: object]>([
    ['{"detail":"CUDA out of memory"}', { name: 'ProviderError', isRetryable: true }],
    ['{"error":"boom"}', { name: 'ProviderError', isRetryable: true }],
    ['"error: boom"', { name: 'ProviderError', isRetryable: true }],
    ['{"choices":[],"x_groq":{"error":"rate limit"}}', { name: 'RateLimitError' }],
    ['{"choices":[{"index":0,"delta":{"error":{"code":502}}}]}', { name: 'ProviderError' }],
    ['{"choices":[],"base_resp":{"status_code":1002,"status_msg":"rate limit"}}', { name: 'RateLimitError' }],
    ['{"choices":[{"index":0,"delta":{"content":"2"}', { name: 'MalformedResponseError', isRetryable: true }],
    ['<html>', { name: 'MalformedResponseError', isRetryable: true }],
    ['Internal Server Error', { name: 'MalformedResponseError', isRetryable: true }],
  ])('fails with an event that is an error: %s', async (data, error) => {
    expect((await readServed({ pieces: [FOUR, data, TWO, STOP, DONE].map(event) })).error).toMatchObject(
      error,
    );
  });

  it('is not waited for if complete JSON comes in its place', async () => {
    const answer = JSON.stringify({ choices: [{ message: { content: '42"}' }, finish_reason: 'stop' }] });
    for (const padding of ['', ': waiting\n\n', '\n\n']) {
      for (const divide of [(text: string) => [text], (text: string) => [...text]]) {
        const serve = (text: string) =>
          readServed({ pieces: divide(padding + text).map((part) => encoder.encode(part)), ending: 'open' });
        expect((await serve(answer)).response?.text).toBe('42"}');
        const { error, seen } = await serve('{"error":{"code":429,"message":"\\"}"}}');
        expect(error).toMatchObject({ name: 'RateLimitError' });
        await expect.poll(() => seen.isClosed, { timeout: 4000 }).toBe(true);
      }
    }
  });

  it('is found whatever the content type says, and so is JSON', async () => {
    const stream = events(FOUR, TWO, STOP, DONE);
    const json = JSON.stringify({ choices: [{ message: { content: '42' }, finish_reason: 'stop' }] });
    for (const contentType of [
      'Text/Event-Stream',
      'TEXT/EVENT-STREAM; charset=utf-8',
      'application/json',
      'text/plain',
    ]) {
      for (const wantsDeltas of [true, false]) {
        for (const comment of ['', ': waiting\n\n', '\uFEFF', '\n']) {
          for (const body of [`${stream}`, `event: message\n${stream}`, json, `${json}\0\n`]) {
            const { fetch } = serving({ pieces: lines(comment + body), contentType });
            const values = await lastValueFrom(create(fetch, {}).call({ ...toRequest('?'), wantsDeltas }));
            expect(values, JSON.stringify([contentType, comment, body])).toMatchObject({ text: WHOLE });
          }
        }
      }
    }
  });
});
