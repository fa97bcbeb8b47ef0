import { asPromise } from '../../domain/foreign.ts';
import type { Transport } from './transport.ts';

/** An undici `Dispatcher`, such as a `Pool`, an `Agent` or a `ProxyAgent`. */
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

/** The package `undici`. Its own types would bring the types of Node into a module for browsers. */
export interface Undici {
  readonly Pool: new (origin: string, options: { connect: Connector }) => UndiciDispatcher;
  readonly buildConnector: (options: Readonly<Record<string, never>>) => Connector;
}

type Connector = (options: { readonly protocol: string }, done: (...result: never[]) => void) => Socket;

/** Returns a transport over a dispatcher. */
export const dispatcherTransport =
  (dispatcher: UndiciDispatcher): Transport =>
  async ({ url, headers, body, signal }) => {
    const reply = await asPromise(() =>
      dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        // Some hosts reject requests without a user agent. A `fetch` always sends one.
        headers: { 'user-agent': 'crucible-ensemble', ...headers },
        body,
        signal,
        // The caller has its own deadline.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
    );
    return {
      status: reply.statusCode,
      headers: {
        get(name) {
          const value = reply.headers[name];
          return (Array.isArray(value) ? value.join(', ') : value) ?? null;
        },
      },
      body: reply.body,
    };
  };

/** The connections to one host. */
interface Host {
  readonly dispatcher: UndiciDispatcher;
  /** Sockets that are not connected yet. */
  readonly connecting: Set<Socket>;
  /** The number of calls that wait for the headers of a reply. */
  waiting: number;
}

/** Sends a request by the dispatcher of its origin. */
export type SendTo = <Reply>(
  { origin }: URL,
  signal: AbortSignal | undefined,
  send: (dispatcher: UndiciDispatcher) => Promise<Reply>,
) => Promise<Reply>;

/**
 * Creates one pool of keep-alive connections for each origin. Idle connections do not keep the process alive and close
 * after a few seconds.
 */
export const undiciPools = (undici: Undici): SendTo => {
  const hosts = new Map<string, Host>();
  return async ({ origin }, signal, send) => {
    const host = hosts.get(origin) ?? openHost(undici, origin);
    hosts.set(origin, host);
    const stopWaiting = beginWaiting(host, signal);
    try {
      return await send(host.dispatcher);
    } finally {
      stopWaiting();
    }
  };
};

/** Returns a transport over {@link undiciPools}. */
export const undiciTransport = (undici: Undici): Transport => {
  const sendTo = undiciPools(undici);
  return (request) =>
    sendTo(request.url, request.signal, (dispatcher) => dispatcherTransport(dispatcher)(request));
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
  return { dispatcher: new Pool(origin, { connect }), connecting, waiting: 0 };
};

/**
 * Counts a call until its reply begins or it is cancelled. undici keeps connecting for an aborted request, for up to ten
 * seconds in which the process could not exit. When the last waiting call ends, it destroys sockets that are not connected.
 */
const beginWaiting = (host: Host, signal: AbortSignal | undefined): (() => void) => {
  let isWaiting = true;
  const stop = (): void => {
    if (!isWaiting) return;
    isWaiting = false;
    signal?.removeEventListener('abort', stop);
    host.waiting -= 1;
    if (host.waiting > 0) return;
    for (const socket of host.connecting) socket.destroy(new Error('no request needs this connection'));
  };
  host.waiting += 1;
  signal?.addEventListener('abort', stop);
  return stop;
};
