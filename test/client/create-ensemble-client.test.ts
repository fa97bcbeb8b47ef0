import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import {
  createEnsembleClient,
  type EnsembleClient,
  type EnsembleClientOptions,
  type RemoteEvent,
  type RemotePrediction,
} from '../../src/client/client.ts';
import { createEnsemble, defineModel, type Prediction, type StreamEvent } from '../../src/index.ts';
import { countingModel, panel, saying, served, until } from './served.ts';

describe('a question', () => {
  it('has the prediction of the ensemble, as values of JSON', async () => {
    const { client } = served();
    const prediction = await client.predict('What is 2 + 2?');
    const { query: _, ...whole } = JSON.parse(JSON.stringify(await panel.predict('What is 2 + 2?')));
    const without = (given: { readonly metadata: object; readonly outcomes: readonly object[] }) => ({
      ...given,
      metadata: { ...given.metadata, latencyMs: 0 },
      outcomes: given.outcomes.map((outcome) => ({ ...outcome, latencyMs: 0 })),
    });
    expect(without(prediction)).toEqual(without(whole));
  });

  it('asks the ensemble that it names, and explains the answer if it is asked to', async () => {
    const { client } = served({ panel, other: createEnsemble({ models: [saying('x', 'Rome')] }) });
    const { text, explanation } = await client.predict('Capital?', { ensemble: 'other', explain: true });
    expect(text).toBe('Rome');
    expect(explanation).toMatch(/rome/);
    const last = await lastValueFrom(client.stream('Capital?', { ensemble: 'other', explain: true }));
    expect(last).toMatchObject({ type: 'complete', prediction: { text: 'Rome', explanation } });
    expect(last).not.toHaveProperty('explanation');
  });

  it('is sent once for each subscription, and only then', async () => {
    const { client, requests } = served();
    const prediction$ = client.predict$('2 + 2');
    const events = client.stream('2 + 2');
    expect(requests).toHaveLength(0);
    await lastValueFrom(prediction$);
    await lastValueFrom(prediction$);
    await lastValueFrom(events);
    for await (const _ of events);
    expect(requests).toHaveLength(4);
  });

  it('has headers of its own for each request, which may be async', async () => {
    let session = 0;
    const seen: (string | null)[] = [];
    const { client } = served(undefined, {
      headers: async () => {
        session += 1;
        return { authorization: `Bearer session-${session}` };
      },
      fetch: async (_, init) => {
        seen.push(new Headers(init?.headers).get('authorization'));
        return Response.json({ metadata: {} });
      },
    });
    await client.predict('2 + 2');
    await client.predict('2 + 2');
    expect(seen).toEqual(['Bearer session-1', 'Bearer session-2']);
  });

  it('carries a conversation, with bytes of files as base64', async () => {
    const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
    const bodies: string[] = [];
    const { client } = served(undefined, {
      fetch: async (_, init) => {
        bodies.push(String(init?.body));
        return Response.json({ metadata: {} });
      },
    });
    for (const image of [bytes, bytes.buffer, Buffer.from(bytes), new URL('https://host/dot.jpg')])
      await client.predict({ messages: [{ role: 'user', content: [{ type: 'image', image }] }] });
    expect(bodies.map((body) => JSON.parse(body).query.messages[0].content[0].image)).toEqual([
      '/9j/4A==',
      '/9j/4A==',
      '/9j/4A==',
      'https://host/dot.jpg',
    ]);
  });
});

describe('a stream', () => {
  it('emits every event up to the prediction, to subscribers and to loops', async () => {
    const { client } = served();
    const whole = await lastValueFrom(panel.stream('2 + 2').pipe(toArray()));
    const types = whole.map(({ type }) => type);
    const pushed = await lastValueFrom(client.stream('2 + 2').pipe(toArray()));
    const pulled: RemoteEvent[] = [];
    for await (const event of client.stream('2 + 2')) pulled.push(event);
    expect(pushed.map(({ type }) => type)).toEqual(types);
    expect(pulled.map(({ type }) => type)).toEqual(types);
    expect(pulled.at(-1)).toMatchObject({ type: 'complete', prediction: { answer: 4 } });
  });

  it('shows a failed member as an event, and goes on', async () => {
    const failing = defineModel('failing', () => {
      throw new Error('down');
    });
    const { client } = served({ panel: createEnsemble({ models: [failing, saying('a', '4')] }) });
    const events = await lastValueFrom(client.stream('2 + 2').pipe(toArray()));
    expect(events.find(({ type }) => type === 'failure')).toMatchObject({
      model: 'failing',
      error: { name: 'ModelError', message: expect.any(String), isRetryable: false },
    });
    expect(events.at(-1)).toMatchObject({ type: 'complete', prediction: { metadata: { failures: 1 } } });
  });

  it.each(['unsubscribe', 'break', 'return'] as const)('ends the calls of the server by %s', async (by) => {
    const slow = countingModel();
    const { client } = served({ slow: createEnsemble({ models: [slow] }) });
    const events = client.stream('Hi?');
    if (by === 'unsubscribe') {
      await firstValueFrom(events.pipe(take(1)));
    } else if (by === 'break') {
      for await (const _ of events) break;
    } else {
      const iterator = events[Symbol.asyncIterator]();
      const pending = [iterator.next(), iterator.next()];
      await until(() => slow.counts.started === 1);
      await iterator.return?.();
      expect((await pending[1])?.done).toBe(true);
    }
    await until(() => slow.counts.aborted === 1);
    expect(slow.counts).toEqual({ started: 1, aborted: 1 });
  });

  it.each(['predict', 'predict$', 'stream'] as const)(
    'ends the calls of the server with the signal of %s, whose reason is the error',
    async (form) => {
      const slow = countingModel();
      const { client } = served({ slow: createEnsemble({ models: [slow] }) });
      const controller = new AbortController();
      const { signal } = controller;
      const added = vi.spyOn(signal, 'addEventListener');
      const removed = vi.spyOn(signal, 'removeEventListener');
      const asked =
        form === 'predict'
          ? client.predict('Hi?', { signal })
          : lastValueFrom<unknown>(client[form]('Hi?', { signal }));
      const failed = expect(asked).rejects.toThrow('enough');
      await until(() => slow.counts.started === 1);
      controller.abort(new Error('enough'));
      await failed;
      await until(() => slow.counts.aborted === 1);
      expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
    },
  );

  it('sends nothing for a signal that has aborted', async () => {
    const { client, requests } = served();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(client.predict('Hi?', { signal })).rejects.toThrow('too late');
    expect(requests.filter((request) => !request.signal.aborted)).toEqual([]);
  });

  it('does not wait for a fetch that ignores its signal', async () => {
    const { client } = served(undefined, { fetch: () => new Promise(() => undefined) });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(client.predict('Hi?', { signal })).rejects.toThrow('enough');
  });
});

describe('an error', () => {
  const broken = createEnsemble({
    models: [
      defineModel('a', () => {
        throw new Error('down');
      }),
    ],
  });

  it.each(['predict', 'stream'] as const)('of %s has the words of the server', async (form) => {
    const { client, requests } = served({ broken });
    const asked =
      form === 'predict' ? client.predict('Hi?') : lastValueFrom(client.stream('Hi?').pipe(toArray()));
    await expect(asked).rejects.toMatchObject({
      name: 'RemoteError',
      message: expect.stringMatching(/^all models failed: /),
      code: 'AllModelsFailedError',
      status: 424,
      type: 'ensemble_error',
      requestId: expect.stringMatching(/^\w{32}$/),
      isRetryable: false,
    });
    expect(requests).toHaveLength(1);
  });

  it('names the field that is at fault', async () => {
    const { client } = served();
    await expect(client.predict('Hi?', { ensemble: 'none' })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    await expect(client.predict('Hi?', { deadlineMs: -1 })).rejects.toMatchObject({
      status: 400,
      param: 'deadlineMs',
    });
  });

  it('may be retried while a server restarts', async () => {
    const { client, handler } = served();
    await handler.close();
    await expect(client.predict('Hi?')).rejects.toMatchObject({ code: 'shutting_down', isRetryable: true });
  });

  it.each([
    [{ 'retry-after': '2' }, { retryAfterMs: 2000, isRetryable: true }],
    [{}, { retryAfterMs: undefined, isRetryable: false }],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, { retryAfterMs: undefined, isRetryable: false }],
  ])('of a rate limit with %o says when to ask again', async (headers, expected) => {
    const error = { message: 'too many', type: 'rate_limit_error', code: 'rate_limit_exceeded', param: null };
    const { client } = served(undefined, {
      fetch: async () => Response.json({ error }, { status: 429, headers: headers as HeadersInit }),
    });
    await expect(client.predict('Hi?')).rejects.toMatchObject({ status: 429, ...expected });
  });

  it.each([
    [
      'a page',
      () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
      200,
      false,
    ],
    ['a page of a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), 502, true],
    ['other JSON', () => Response.json({ hello: 'world' }), 200, false],
    ['an error of another API', () => Response.json({ error: 'no' }, { status: 400 }), 400, false],
  ])('says that %s is no response of an ensemble server', async (_, respond, status, isRetryable) => {
    const { client } = served(undefined, { fetch: async () => respond() });
    const expected = {
      code: 'unreadable_response',
      status,
      isRetryable,
      message: expect.stringContaining(`${status}`),
    };
    await expect(client.predict('Hi?')).rejects.toMatchObject(expected);
    await expect(lastValueFrom(client.stream('Hi?'))).rejects.toMatchObject(expected);
  });

  it('says that a stream was cut, and what it costs to ask again', async () => {
    const first = 'event: call-start\ndata: {"type":"call-start"}\n\n';
    const { client } = served(undefined, {
      fetch: async () => new Response(first, { headers: { 'content-type': 'text/event-stream' } }),
    });
    const seen: string[] = [];
    const asked = async () => {
      for await (const { type } of client.stream('Hi?')) seen.push(type);
    };
    await expect(asked()).rejects.toMatchObject({
      code: 'connection_cut',
      isRetryable: true,
      message: expect.stringContaining('costs another prediction'),
    });
    expect(seen).toEqual(['call-start']);
  });

  it.each([
    ['rejects', () => Promise.reject(new TypeError('fetch failed'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['returns nonsense', () => ({}) as Promise<Response>],
    ['returns nothing', () => undefined as unknown as Promise<Response>],
  ])('of a fetch that %s is one of the connection', async (_, fetch) => {
    const { client } = served(undefined, { fetch });
    await expect(client.predict('Hi?')).rejects.toMatchObject({
      code: 'connection_failed',
      isRetryable: true,
    });
  });

  it('of headers repeats none of them', async () => {
    const { client } = served(undefined, { headers: () => ({ authorization: 'secret\nvalue' }) });
    const error = await client.predict('Hi?').catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: 'headers_failed' });
    expect(JSON.stringify(error) + String(error)).not.toContain('secret');
  });

  it.each([
    ['a function', { messages: [{ role: 'user', content: 'Hi', extra: () => 1 }] }, /"extra" cannot be sent/],
    [
      'a schema of a library',
      { messages: [{ role: 'user', content: 'Hi' }], tools: { t: { inputSchema: { '~standard': {} } } } },
      /"inputSchema" cannot be sent; a tool is described by JSON Schema/,
    ],
    [
      'a file that is not read',
      { messages: [{ role: 'user', content: [{ type: 'image', image: new Blob() }] }] },
      /read the file first/,
    ],
    ['a bigint', { messages: [{ role: 'user', content: 1n }] }, /cannot be written as JSON/],
  ])('tells of %s in a query, which JSON would drop', async (_, query, message) => {
    const { client, requests } = served();
    await expect(client.predict(query as never)).rejects.toThrow(message);
    expect(requests).toHaveLength(0);
  });

  it('tells of an option that would have no effect, and of a missing ensemble', async () => {
    const { client } = served();
    await expect(client.predict('Hi?', { timeoutMs: 5 } as object)).rejects.toThrow(
      /there is no option "timeoutMs"; the options are ensemble, signal, deadlineMs, models, writer, explain/,
    );
    const nameless = createEnsembleClient({ url: '/', fetch: () => Promise.reject(new Error('asked')) });
    await expect(nameless.predict('Hi?')).rejects.toThrow(/name the ensemble/);
  });

  it('of a path outside of a browser says so', async () => {
    const client = createEnsembleClient({ url: '/api', ensemble: 'panel' });
    await expect(client.predict('Hi?')).rejects.toThrow(/option "url" must be absolute/);
  });
});

describe('the options', () => {
  it.each([
    [undefined, /expected options/],
    [{}, /"url" must be an http\(s\) URL/],
    [{ url: 'sk-secret' }, /its value is not shown/],
    [{ url: 'ftp://host' }, /"url" must be an http\(s\) URL/],
    [{ url: '//host' }, /"url" must be an http\(s\) URL/],
    [{ url: 'https://me:secret@host' }, /must not have a password/],
    [{ url: 'https://host?key=secret' }, /must not have a password, a query/],
    [{ url: 'https://host/v1' }, /the address before \/v1/],
    [{ url: 'https://host/v1/predictions' }, /the address before \/v1/],
    [{ url: '/', ensemble: 5 }, /"ensemble" must be the name/],
    [{ url: '/', headers: 'secret' }, /"headers" must be headers/],
    [{ url: '/', fetch: 'secret' }, /"fetch" must be a function/],
    [{ url: '/', apiKey: 'secret' }, /there is no option "apiKey"/],
  ])('%o are refused, without their secrets', (options, message) => {
    const create = () => createEnsembleClient(options as unknown as EnsembleClientOptions);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/secret/);
  });

  it.each(['/', '/panels/', 'http://localhost:4747', 'https://host/v1api'])('%s is an address', (url) => {
    expect(() => createEnsembleClient({ url })).not.toThrow();
  });
});

describe('a header that looks like a key of a provider', () => {
  afterEach(() => vi.unstubAllGlobals());

  const warningsOf = async (headers: HeadersInit): Promise<string> => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { client } = served(undefined, { headers });
    await client.predict('Hi?');
    await client.predict('Hi?');
    const said = warn.mock.calls.flat().join('\n');
    warn.mockRestore();
    return said;
  };

  it.each([
    { authorization: 'Bearer sk-proj-abcdefghij1234567890' },
    { 'x-api-key': 'sk-ant-api03-abcdefghij1234567890' },
    { 'x-goog-api-key': 'AIzaSyA1234567890abcdefg' },
  ])('is told of once in a page, without the key', async (headers) => {
    vi.stubGlobal('document', {});
    const said = await warningsOf(headers as HeadersInit);
    expect(said.match(/looks like a key of a provider/g)).toHaveLength(1);
    expect(said).toContain(`"${Object.keys(headers)[0]}"`);
    expect(said).not.toMatch(/1234567890/);
  });

  it.each([
    { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc' },
    { authorization: 'Bearer key-of-ann' },
    { 'x-request-id': '5f0c2b9e-1111-4222-8333-944455566677' },
  ])('is not a session of a user: %o', async (headers) => {
    vi.stubGlobal('document', {});
    expect(await warningsOf(headers as HeadersInit)).toBe('');
  });

  it('is usual outside of a page', async () => {
    expect(await warningsOf({ authorization: 'Bearer sk-proj-abcdefghij1234567890' })).toBe('');
  });
});

it('has types that those of the core fit', () => {
  expectTypeOf<Prediction<number>>().toExtend<RemotePrediction<number>>();
  expectTypeOf<StreamEvent<number>>().toExtend<RemoteEvent<number>>();
  expectTypeOf<EnsembleClient<number>['predict']>().returns.resolves.toEqualTypeOf<
    RemotePrediction<number>
  >();
});
