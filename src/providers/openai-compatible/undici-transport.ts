import { asPromise } from '../../domain/foreign.ts';
import { DispatchedRequest, type DispatchHandler, headersOf } from './dispatched-request.ts';
import type { HttpRequest, Transport } from './transport.ts';

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

/** A pool of undici. */
interface UndiciPool extends UndiciDispatcher {
  dispatch(options: DispatchOptions, handler: DispatchHandler): unknown;
}

type DispatchOptions = Omit<Parameters<UndiciDispatcher['request']>[0], 'signal'>;

interface Socket {
  once(event: 'connect' | 'secureConnect' | 'close', listener: () => void): Socket;
  destroy(error: Error): void;
}

/** The package `undici`. Its own types would bring the types of Node into a module for browsers. */
export interface Undici {
  readonly Pool: new (origin: string, options: { connect: Connector }) => UndiciPool;
  readonly buildConnector: (options: Readonly<Record<string, never>>) => Connector;
}

type Connector = (options: { readonly protocol: string }, done: (...result: never[]) => void) => Socket;

/** Returns a transport over a dispatcher of the caller. It may be of any version of undici, which agree in `request`. */
export const dispatcherTransport =
  (dispatcher: UndiciDispatcher): Transport =>
  async (request) => {
    const { signal } = request;
    const { statusCode, headers, body } = await asPromise(() =>
      dispatcher.request({ ...optionsOf(request), signal }),
    );
    return { status: statusCode, headers: headersOf(headers), body };
  };

const optionsOf = ({ url, headers, body }: HttpRequest): DispatchOptions => ({
  origin: url.origin,
  path: url.pathname + url.search,
  method: 'POST',
  // Some hosts reject requests without a user agent. A `fetch` always sends one.
  headers: { 'user-agent': 'crucible-ensemble', ...headers },
  body,
  // The caller has its own deadline.
  headersTimeout: 0,
  bodyTimeout: 0,
});

/** The connections to one host. */
interface Host {
  readonly pool: UndiciPool;
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

/** Creates {@link undiciHosts} for the `request` of undici. */
export const undiciPools = (undici: Undici): SendTo => {
  const hostOf = undiciHosts(undici);
  return async ({ origin }, signal, send) => {
    const host = hostOf(origin);
    const stopWaiting = beginWaiting(host);
    signal?.addEventListener('abort', stopWaiting);
    try {
      return await send(host.pool);
    } finally {
      signal?.removeEventListener('abort', stopWaiting);
      stopWaiting();
    }
  };
};

/** Returns a transport over {@link undiciHosts}. */
export const undiciTransport = (undici: Undici): Transport => {
  const hostOf = undiciHosts(undici);
  return (request) => {
    const { signal } = request;
    if (signal.aborted) return Promise.reject(signal.reason);
    const options = optionsOf(request);
    const host = hostOf(options.origin);
    const dispatched = new DispatchedRequest(signal, beginWaiting(host));
    host.pool.dispatch(options, dispatched);
    return dispatched.reply;
  };
};

/**
 * Creates one pool of keep-alive connections for each origin. Idle connections do not keep the process alive and close
 * after a few seconds.
 */
const undiciHosts = (undici: Undici): ((origin: string) => Host) => {
  const hosts = new Map<string, Host>();
  return (origin) => {
    const host = hosts.get(origin) ?? openHost(undici, origin);
    hosts.set(origin, host);
    return host;
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
  return { pool: new Pool(origin, { connect }), connecting, waiting: 0 };
};

/**
 * Counts a call until its reply begins or it is cancelled. undici keeps connecting for an aborted request, for up to ten
 * seconds in which the process could not exit. When the last waiting call ends, it destroys sockets that are not connected.
 */
const beginWaiting = (host: Host): (() => void) => {
  let isWaiting = true;
  host.waiting += 1;
  return () => {
    if (!isWaiting) return;
    isWaiting = false;
    host.waiting -= 1;
    if (host.waiting > 0) return;
    for (const socket of host.connecting) socket.destroy(new Error('no request needs this connection'));
  };
};
