/**
 * A `fetch` for the official SDKs on Node, at half of their CPU time.
 *
 * @packageDocumentation
 */
import { ConfigError } from '../domain/errors.ts';
import { asPromise, isA, readSafely } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { checked, hasMethods, suchThat } from '../options.ts';
import { asObject } from './as-object.ts';
import { loadOnce } from './load-once.ts';
import { importUndici } from './openai-compatible/platform-transport.ts';
import { type SendTo, type UndiciDispatcher, undiciPools } from './openai-compatible/undici-transport.ts';
import { platformFetch } from './platform-fetch.ts';

export type { UndiciDispatcher } from './openai-compatible/undici-transport.ts';

/** Options of {@link undiciFetch}. */
export interface UndiciFetchOptions {
  /** An undici `Dispatcher`, such as an `Agent` or a `ProxyAgent`. Default: a pool for each host. */
  readonly dispatcher?: UndiciDispatcher | undefined;
}

const aDispatcher = suchThat('an undici Dispatcher, such as new Agent()', (value) =>
  hasMethods(value, 'request'),
);

/**
 * Returns a `fetch` over the `request` of undici, for `new OpenAI({ fetch })`, `new Anthropic({ fetch })` and the like. A
 * call of an SDK then takes about half of the CPU time, because the `fetch` of Node spends more on its standard than on
 * HTTP. Its responses are ordinary `Response` objects.
 *
 * It differs from the `fetch` of Node in this: it does not follow redirects, which would send an API key elsewhere, but
 * returns them with their status (with `redirect: 'error'`, it rejects); it has no time limits of its own, besides that
 * for connecting; it asks for no compression, but decompresses gzip, deflate, br and zstd. It has no cookies, cache or CORS
 * modes. On Bun and Deno, and if undici is missing, it is their own `fetch`.
 *
 * Aborting the signal closes the connection. So does cancelling the body, or losing the response unread.
 *
 * @throws {ConfigError} if the dispatcher is invalid. The returned function rejects with a `TypeError` with, as its `cause`, the
 * network failure, and with the reason of the signal once it aborts.
 *
 * @example
 * ```ts
 * import { undiciFetch } from 'crucible-ensemble/undici-fetch';
 * import OpenAI from 'openai';
 *
 * const client = new OpenAI({ apiKey: 'a key of yours', fetch: undiciFetch() });
 * client.baseURL; // => 'https://api.openai.com/v1'
 * ```
 */
export const undiciFetch = (options: UndiciFetchOptions = {}): typeof fetch => {
  const { dispatcher } = checked('undiciFetch', options, { dispatcher: aDispatcher });
  return async (input, init) => {
    const asked = askedOf(input, init);
    // An SDK passes on a dispatcher of its caller.
    const own = asked.dispatcher ?? dispatcher;
    const sendTo: SendTo | undefined =
      own === undefined ? await sharedPools() : (_url, _signal, send) => send(own);
    return sendTo === undefined ? platformFetch()(input, init) : fetchBy(sendTo, asked);
  };
};

/** All callers share the connections of a host. */
const sharedPools: () => Promise<SendTo | undefined> = loadOnce(async () => {
  const undici = await importUndici();
  return undici && undiciPools(undici);
});

/** What is asked for. */
interface Asked extends Omit<RequestInit, 'method'> {
  readonly url: URL;
  readonly method: string;
  readonly dispatcher?: UndiciDispatcher;
}

const askedOf = (input: string | URL | Request, init?: RequestInit): Asked => {
  const { method, headers, body, signal, redirect } = asObject(input) as Partial<Request>;
  const request = given({ method, headers, body, signal, redirect, ...given(asObject(init)) }) as RequestInit;
  return { ...request, url: urlOf(input), method: String(request.method ?? 'GET').toUpperCase() };
};

/** @throws {ConfigError} if there is no URL. The error of the platform would repeat the address, which may have a key. */
const urlOf = (input: unknown): URL => {
  const address = typeof input === 'string' || isA(input, URL) ? input : readSafely(input, 'url');
  const url = typeof address === 'string' || isA(address, URL) ? URL.parse(address) : null;
  if (url === null) throw new ConfigError(['undiciFetch: the first argument must be a URL or a Request']);
  return url;
};

/** A request of any method, as undici takes it. Its own types would bring the types of Node into a module for browsers. */
type SendRequest = (options: {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | AsyncIterable<unknown> | null;
  readonly signal: AbortSignal | undefined;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}) => Promise<Reply>;

interface Reply {
  readonly statusCode: number;
  readonly statusText?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: NodeBody;
}

/** A Readable of Node. */
interface NodeBody extends AsyncIterable<Uint8Array> {
  destroy(error?: Error): void;
  once(event: 'error', listener: () => void): void;
  resume(): void;
}

const fetchBy = async (sendTo: SendTo, asked: Asked): Promise<Response> => {
  const { url, method, redirect } = asked;
  const signal = asked.signal ?? undefined;
  signal?.throwIfAborted();
  const headers = new Headers(asked.headers);
  for (const [name, value] of defaultHeaders) if (!headers.has(name)) headers.set(name, value);
  const body = await sentBody(asked.body, headers);
  let reply: Reply;
  try {
    reply = await sendTo(url, signal, (dispatcher) =>
      asPromise(() =>
        (dispatcher as unknown as { request: SendRequest }).request({
          origin: url.origin,
          path: url.pathname + url.search,
          method,
          headers: Object.fromEntries(headers),
          body,
          signal,
          headersTimeout: 0,
          bodyTimeout: 0,
        }),
      ),
    );
  } catch (cause) {
    signal?.throwIfAborted();
    throw new TypeError('fetch failed', { cause });
  }
  if (redirect === 'error' && reply.statusCode >= 300 && reply.statusCode < 400 && reply.headers.location) {
    discard(reply.body);
    throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') });
  }
  return toResponse(url, method, reply);
};

/** Some hosts reject requests without a user agent. */
const defaultHeaders = [
  ['accept', '*/*'],
  ['user-agent', 'crucible-ensemble'],
] as const;

/** Returns a body as undici takes it, with its type in the headers. Forms and files are read first, so that their length is known. */
const sentBody = async (
  body: RequestInit['body'],
  headers: Headers,
): Promise<string | Uint8Array | AsyncIterable<unknown> | null> => {
  if (body === undefined || body === null || body instanceof Uint8Array) return body ?? null;
  if (typeof body === 'string') {
    if (!headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8');
    return body;
  }
  if (body instanceof ReadableStream || Symbol.asyncIterator in body) return body as AsyncIterable<unknown>;
  const whole = new Response(body);
  const type = whole.headers.get('content-type');
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type);
  return new Uint8Array(await whole.arrayBuffer());
};

/** The statuses of responses without a body. */
const EMPTY = new Set([204, 205, 304]);

const toResponse = (url: URL, method: string, reply: Reply): Response => {
  const { statusCode: status, statusText = '' } = reply;
  const headers = new Headers();
  for (const [name, value] of Object.entries(reply.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  const isEmpty = method === 'HEAD' || EMPTY.has(status);
  if (isEmpty) discard(reply.body);
  const body = isEmpty ? null : webStream(decoded(reply.body, headers.get('content-encoding')));
  const response = new Response(body, { status, statusText, headers });
  return Object.defineProperty(response, 'url', {
    value: url.href.slice(0, url.href.length - url.hash.length),
  });
};

/** Reads a body to its end, so that its connection can be used again. */
const discard = (body: NodeBody): void => {
  body.once('error', () => undefined);
  body.resume();
};

/** Ends the connection of a body. */
const close = (body: NodeBody): void => {
  body.once('error', () => undefined);
  body.destroy();
};

/** Ends the connection of a body that nothing can read any more. */
const lost = new FinalizationRegistry<NodeBody>(close);

const webStream = (body: NodeBody): ReadableStream<Uint8Array> => {
  const chunks = body[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        // A Buffer has methods of the same name as an array that do something else.
        else controller.enqueue(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      },
      cancel: () => close(body),
    },
    { highWaterMark: 0 },
  );
  lost.register(stream, body);
  return stream;
};

/** Decoders of `node:zlib`, by the name of the encoding. */
const decoders: ReadonlyMap<string, string> = new Map([
  ['gzip', 'createGunzip'],
  ['x-gzip', 'createGunzip'],
  ['deflate', 'createInflate'],
  ['br', 'createBrotliDecompress'],
  ['zstd', 'createZstdDecompress'],
]);

/** Decompresses a body. One in an unknown encoding stays as it is, as its header says. */
const decoded = (body: NodeBody, encoding: string | null): NodeBody => {
  if (encoding === null) return body;
  const { process } = globalThis as {
    process?: {
      getBuiltinModule?(name: string): Readonly<Record<string, (...parts: unknown[]) => NodeBody>>;
    };
  };
  const [zlib, stream] = ['zlib', 'stream'].map((name) => process?.getBuiltinModule?.(name));
  // The last encoding was applied last.
  return encoding
    .toLowerCase()
    .split(',')
    .reduceRight((coded, name) => {
      const create = zlib?.[decoders.get(name.trim()) ?? ''];
      const decoder = create?.();
      if (decoder === undefined) return coded;
      stream?.pipeline?.(coded, decoder, () => undefined);
      return decoder;
    }, body);
};
