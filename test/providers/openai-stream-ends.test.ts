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
}

const serving = ({ pieces, ending = 'end' }: Served) => {
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
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
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
      '{"choices":[{"delta":{"content":7}}]}',
      '{}',
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
});
