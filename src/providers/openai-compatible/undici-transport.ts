import type { Transport } from './transport.ts';

/** What is used of an undici `Dispatcher`, such as a `Pool`, an `Agent` or a `ProxyAgent`. */
export interface UndiciDispatcher {
  request(options: {
    readonly origin: string;
    readonly path: string;
    readonly method: 'POST';
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly signal: AbortSignal;
    readonly headersTimeout: number;
    readonly bodyTimeout: number;
  }): Promise<{
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: AsyncIterable<Uint8Array>;
  }>;
}

interface Socket {
  once(event: 'connect' | 'secureConnect' | 'close', listener: () => void): Socket;
  destroy(error: Error): void;
}

/** What is used of the package. Its own types would bring those of Node into a module for browsers. */
export interface Undici {
  readonly Pool: new (origin: string, options: { connect: Connector }) => UndiciDispatcher;
  readonly buildConnector: (options: Readonly<Record<string, never>>) => Connector;
}

type Connector = (options: { readonly protocol: string }, done: (...result: never[]) => void) => Socket;

/** A transport over a ready-made dispatcher. */
export const dispatcherTransport =
  (dispatcher: UndiciDispatcher): Transport =>
  async ({ url, headers, body, signal }) => {
    const reply = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      // Some hosts turn away who does not say what they are; a `fetch` always does.
      headers: { 'user-agent': 'crucible-ensemble', ...headers },
      body,
      signal,
      // The caller's deadline is the only one.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return {
      status: reply.statusCode,
      headers: {
        get(name) {
          const value = reply.headers[name];
          return (Array.isArray(value) ? value[0] : value) ?? null;
        },
      },
      body: reply.body,
    };
  };

/** The connections to one host. */
interface Host {
  readonly send: Transport;
  /** Those that are not there yet. */
  readonly connecting: Set<Socket>;
  /** How many calls wait for the beginning of a reply. */
  waiting: number;
}

/**
 * A transport with one pool of kept-alive connections per origin. Idle connections do not keep the process
 * alive, and are closed after some seconds.
 */
export const undiciTransport = (undici: Undici): Transport => {
  const hosts = new Map<string, Host>();
  return async (request) => {
    const { origin } = request.url;
    const host = hosts.get(origin) ?? openHost(undici, origin);
    hosts.set(origin, host);
    const stopWaiting = beginWaiting(host, request.signal);
    try {
      return await host.send(request);
    } finally {
      stopWaiting();
    }
  };
};

const openHost = ({ Pool, buildConnector }: Undici, origin: string): Host => {
  const connecting = new Set<Socket>();
  const plainConnect = buildConnector({});
  const connect: Connector = (options, done) => {
    const socket = plainConnect(options, done);
    const forget = (): void => void connecting.delete(socket);
    connecting.add(socket);
    return socket
      .once(options.protocol === 'https:' ? 'secureConnect' : 'connect', forget)
      .once('close', forget);
  };
  return { send: dispatcherTransport(new Pool(origin, { connect })), connecting, waiting: 0 };
};

/**
 * Counts a call until its reply begins, or it is given up. undici goes on connecting for a request that was
 * aborted, for up to ten seconds in which the process could not end: with the last call that waits go the
 * connections that are not there yet.
 */
const beginWaiting = (host: Host, signal: AbortSignal): (() => void) => {
  let isWaiting = true;
  const stop = (): void => {
    if (!isWaiting) return;
    isWaiting = false;
    signal.removeEventListener('abort', stop);
    host.waiting -= 1;
    if (host.waiting > 0) return;
    for (const socket of host.connecting) socket.destroy(new Error('nobody waits for this connection'));
  };
  host.waiting += 1;
  signal.addEventListener('abort', stop);
  return stop;
};
