import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/index.ts';
import { undiciFetch } from '../../src/providers/undici-fetch.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const TEXT = 'Paris, "Lyon", 😀 and Aix-les-Bains. '.repeat(50);
const compressed: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(TEXT),
  deflate: deflateSync(TEXT),
  br: brotliCompressSync(TEXT),
  zstd: zstdCompressSync(TEXT),
  'gzip, br': brotliCompressSync(gzipSync(TEXT)),
  unheard: Buffer.from(TEXT),
};

let closed = 0;
/** Called when a request has arrived that is never answered. */
let arrived = (): void => undefined;
const handlers: Readonly<Record<string, Handler>> = {
  '/echo': ({ method, headers, url }, response, body) => {
    const { 'content-type': type, 'x-a': a, authorization } = headers;
    response.writeHead(201, 'Made', { 'content-type': 'application/json', 'X-Upper': 'Case' });
    response.end(JSON.stringify({ method, url, type, a, authorization, body: body.toString('latin1') }));
  },
  '/length': ({ headers }, response) => response.end(String(headers['content-length'])),
  '/cookies': (_, response) => response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end('ok'),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/moved': (_, response) => response.writeHead(307, { location: '/echo' }).end('moved'),
  '/down': (_, response) =>
    response.writeHead(503, { 'retry-after': '3' }).end('{"error":{"message":"busy"}}'),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half', () => response.destroy());
  },
  '/endless': (_, response) => {
    response.on('close', () => {
      closed += 1;
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
  },
  '/silent': (_, response) => {
    response.on('close', () => {
      closed += 1;
    });
    arrived();
  },
  '/gz': ({ url = '' }, response) => {
    const encoding = new URL(url, 'http://x').searchParams.get('by') ?? '';
    response.writeHead(200, { 'content-encoding': encoding }).end(compressed[encoding]);
  },
};

const server = createServer((request, response) => {
  response.setHeader('connection', 'close');
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () =>
    handlers[(request.url ?? '').split('?')[0] ?? '']?.(request, response, Buffer.concat(chunks)),
  );
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(
  () =>
    new Promise<void>((end) => {
      server.close(() => end());
      server.closeAllConnections();
    }),
);

// undici connects again after a request was aborted, and leaves the connection open for some seconds.
afterEach(() => server.closeAllConnections());

const ours = undiciFetch();

/** What a caller sees of a response, or of the error. */
const seen = async (run: () => Promise<Response>): Promise<unknown> => {
  try {
    const response = await run();
    const { status, statusText, ok, url, redirected, headers } = response;
    const text = await response.text();
    const { bodyUsed } = response;
    const [type, upper] = ['content-type', 'x-upper'].map((name) => headers.get(name));
    return {
      status,
      statusText,
      ok,
      url,
      redirected,
      type,
      upper,
      cookies: headers.getSetCookie(),
      text,
      bodyUsed,
    };
  } catch (error) {
    const { name, cause } = error as Error;
    return { name, code: (cause as { code?: string } | undefined)?.code };
  }
};

const countClosed = async (): Promise<number> => {
  await expect.poll(() => closed).toBeGreaterThan(0);
  const count = closed;
  closed = 0;
  return count;
};

describe('undiciFetch', () => {
  const form = new FormData();
  form.set('name', 'Ann');
  form.set('file', new Blob(['abc'], { type: 'text/plain' }), 'a.txt');
  const stream = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('in '));
        controller.enqueue(new TextEncoder().encode('parts'));
        controller.close();
      },
    });
  const requests: Readonly<Record<string, [path: string, init?: () => RequestInit]>> = {
    'a question': ['/echo?q=1#part', () => ({ headers: { 'X-A': 'b' } })],
    'a text': ['/echo', () => ({ method: 'post', body: 'Größe 😀', headers: new Headers({ 'x-a': 'é' }) })],
    JSON: [
      '/echo',
      () => ({ method: 'POST', body: '{"a":1}', headers: [['Content-Type', 'application/json']] }),
    ],
    bytes: ['/echo', () => ({ method: 'PUT', body: new Uint8Array([1, 2, 255]) })],
    'a buffer': ['/echo', () => ({ method: 'PUT', body: new Uint8Array([1, 2, 255]).buffer })],
    'a stream': ['/echo', () => ({ method: 'POST', body: stream(), duplex: 'half' }) as RequestInit],
    'parameters of a form': ['/echo', () => ({ method: 'POST', body: new URLSearchParams({ a: 'b c' }) })],
    'a file': ['/echo', () => ({ method: 'POST', body: new Blob(['abc'], { type: 'text/x' }) })],
    'cookies, each one by itself': ['/cookies'],
    'a reply without a body': ['/empty'],
    'a head': ['/echo', () => ({ method: 'HEAD' })],
    'a redirect that is not followed': ['/moved', () => ({ redirect: 'manual' })],
    'a redirect that is refused': ['/moved', () => ({ redirect: 'error' })],
    'an error of the server': ['/down'],
    'a connection that breaks': ['/cut'],
    'a text in gzip': ['/gz?by=gzip'],
    'a text in deflate': ['/gz?by=deflate'],
    'a text in brotli': ['/gz?by=br'],
    'a text in two encodings': ['/gz?by=gzip,%20br'],
  };
  it.each(Object.entries(requests))(
    'does what the fetch of Node does with %s',
    async (name, [path, init]) => {
      const expected = await seen(() => fetch(`${origin}${path}`, init?.()));
      const actual = await seen(() => ours(`${origin}${path}`, init?.()));
      // Node hides the code of a body that breaks in a cause; a text that breaks has it itself.
      if (name === 'a connection that breaks')
        expect([expected, actual]).toMatchObject([{ name: 'TypeError' }, {}]);
      // The reply of HEAD has no length.
      else expect(actual).toStrictEqual(expected);
    },
  );

  it('decompresses zstd, and leaves an unknown encoding as it is', async () => {
    for (const encoding of ['zstd', 'unheard']) {
      const response = await ours(`${origin}/gz?by=${encoding}`);
      expect(await response.text()).toBe(TEXT);
    }
  });

  it('sends a form in full, with its type and its length', async () => {
    const response = await ours(`${origin}/echo`, { method: 'POST', body: form });
    const { type, body } = (await response.json()) as { type: string; body: string };
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    expect(body).toContain('filename="a.txt"');
    expect(body).toContain('Ann');
    const sent = await ours(`${origin}/length`, { method: 'POST', body: form });
    expect(Number(await sent.text())).toBeGreaterThan(100);
  });

  it('takes a Request, and what is set besides it', async () => {
    const request = new Request(`${origin}/echo`, { method: 'POST', body: 'a', headers: { 'x-a': 'b' } });
    const first = (await (await ours(request)).json()) as object;
    expect(first).toMatchObject({ method: 'POST', a: 'b', body: 'a' });
    const again = new Request(`${origin}/echo`, { method: 'POST', body: 'a', headers: { 'x-a': 'b' } });
    expect(await (await ours(again, { method: 'PUT', body: 'c' })).json()).toMatchObject({
      method: 'PUT',
      a: 'b',
      body: 'c',
    });
  });

  it('returns a response of the platform, with a body that can be read once, cloned, and read in pieces', async () => {
    const response = await ours(`${origin}/echo`);
    expect(response).toBeInstanceOf(Response);
    const copy = response.clone();
    expect(await copy.json()).toEqual(await response.json());
    await expect(response.text()).rejects.toThrow(TypeError);
    const { body } = await ours(`${origin}/echo`);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const { value } = await reader.read();
    expect(value?.constructor).toBe(Uint8Array);
    await reader.cancel();
  });

  it('does not follow a redirect, which could send a key to another host', async () => {
    const response = await ours(`${origin}/moved`, { headers: { authorization: 'Bearer secret' } });
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
      307,
      '/echo',
      'moved',
    ]);
  });

  it.each(['before', 'headers', 'body'])('rejects with the reason of its signal: %s', async (moment) => {
    const names: string[] = [];
    for (const request of [fetch, ours]) {
      for (const reason of [undefined, new Error('enough')]) {
        const controller = new AbortController();
        if (moment === 'before') controller.abort(reason);
        const path = moment === 'body' ? '/endless' : '/silent';
        const asked = request(`${origin}${path}`, { signal: controller.signal });
        arrived = () => controller.abort(reason);
        const error: unknown = await asked.then(
          async (response) => {
            const reader = (response.body as ReadableStream<Uint8Array>).getReader();
            await reader.read();
            controller.abort(reason);
            return reader.read().then(
              () => 'read on',
              (late: unknown) => late,
            );
          },
          (early: unknown) => early,
        );
        names.push((error as Error).name);
        if (reason !== undefined) expect(error).toBe(reason);
        if (moment !== 'before') await countClosed();
      }
    }
    expect(names).toEqual(['AbortError', 'Error', 'AbortError', 'Error']);
  });

  it('closes the connection of a body that is cancelled', async () => {
    const { body } = await ours(`${origin}/endless`);
    await body?.cancel();
    expect(await countClosed()).toBe(1);
  });

  it('says why no connection was made, as the fetch of Node does', async () => {
    const [there, here] = await Promise.all(
      [fetch, ours].map((request) =>
        request('http://127.0.0.1:1/').then(
          () => undefined,
          (error: unknown) => error as TypeError & { cause: { code: string } },
        ),
      ),
    );
    expect(here?.message).toBe('fetch failed');
    expect(here?.name).toBe(there?.name);
    const refused = await undiciFetch()('http://localhost:9/').catch((error: unknown) => error);
    expect((refused as { cause: { code: string } }).cause.code).toBe('ECONNREFUSED');
  });

  it('sends by the dispatcher of its options, and by the one that an SDK passes on', async () => {
    const agents = [new Agent(), new Agent()] as const;
    const counts = [0, 0];
    agents.forEach((agent, index) => {
      const { request } = agent;
      Object.assign(agent, {
        request: (...given: never) => {
          counts[index] = (counts[index] ?? 0) + 1;
          return Reflect.apply(request, agent, given);
        },
      });
    });
    const fetchBy = undiciFetch({ dispatcher: agents[0] as never });
    await (await fetchBy(`${origin}/echo`)).text();
    await (await fetchBy(`${origin}/echo`, { dispatcher: agents[1] } as never)).text();
    expect(counts).toEqual([1, 1]);
    await Promise.all(agents.map((agent) => agent.close()));
    expect(() => undiciFetch({ dispatcher: {} as never })).toThrow(ConfigError);
  });
});
