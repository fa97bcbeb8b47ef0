import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, type Reply } from './replies.ts';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as text; {@link SeenRequest.json} reads it. */
  readonly body: string;
  readonly json: () => unknown;
  /** When all of it had been read, by `performance.now()`. */
  readonly receivedAtMs: number;
  /** Settles when the server has written all that it is going to write before it stalls. */
  readonly stalled: Promise<void>;
  /** Settles, with the time, when the client closes the connection before the reply has ended. */
  readonly abandoned: Promise<number>;
  readonly isAbandoned: () => boolean;
  /** How many bytes the connection has taken so far, headers included. */
  readonly bytesSent: () => number;
}

/** A server that behaves as badly as it is told to. */
export interface FaultServer {
  /** Such as `http://127.0.0.1:40123`; every path and method is answered. */
  readonly baseURL: string;
  /** Every request so far, in the order in which they had been read. */
  readonly requests: readonly SeenRequest[];
  /** What comes next: one reply per request; the last of them answers all that follow. */
  readonly script: (...replies: readonly Reply[]) => void;
  /** What comes from now on, by the request: for clients that ask in no order that a script could know. */
  readonly answer: (choose: (request: SeenRequest) => Reply) => void;
  /** The request of this number, from 0, as soon as it has been read. */
  readonly seen: (index: number) => Promise<SeenRequest>;
  /** Ends every connection and stops listening. */
  readonly close: () => Promise<void>;
}

/**
 * A scriptable HTTP server on a free port of the loopback interface, for tests of clients: it records every
 * request, and when its connection was closed by the client, and answers as it is told by `script`, with
 * replies such as `json`, `stalledBody`, `eventStream` or `reset`. Without a script it answers `{}`.
 *
 * @example
 * ```ts no-run
 * import { json, startFaultServer } from 'crucible-ensemble/testing';
 *
 * const server = await startFaultServer();
 * server.script(json({ error: 'busy' }, { status: 503 }), json({ text: '4' }));
 * (await fetch(server.baseURL)).status; // 503
 * server.requests.length; // 1
 * await server.close();
 * ```
 */
export const startFaultServer = async (): Promise<FaultServer> => {
  const requests: SeenRequest[] = [];
  const waiting = new Map<number, (request: SeenRequest) => void>();
  let choose: (request: SeenRequest) => Reply = () => json({});

  const server = createServer((message, response) => {
    void record(message, response).then(({ request, stall }) => {
      // Told here and not when the head came: what tests wait for is that all of the request is there.
      requests.push(request);
      waiting.get(requests.length - 1)?.(request);
      const reply = choose(request);
      if (!response.destroyed) reply(response, stall);
    });
  });
  // A client that goes away in the middle of a request is what this server is for.
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script(...replies) {
      let answered = 0;
      choose = () => {
        const reply = replies[Math.min(answered, replies.length - 1)] ?? json({});
        answered += 1;
        return reply;
      };
    },
    answer(chosen) {
      choose = chosen;
    },
    seen: (index) =>
      new Promise((resolve) => {
        const request = requests[index];
        if (request === undefined) waiting.set(index, resolve);
        else resolve(request);
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

interface Recorded {
  readonly request: SeenRequest;
  readonly stall: () => void;
}

const record = async (message: IncomingMessage, response: ServerResponse): Promise<Recorded> => {
  const stalled = Promise.withResolvers<void>();
  const abandoned = Promise.withResolvers<number>();
  let isAbandoned = false;
  // Kept, because the response lets go of its socket when it ends; earlier replies on it do not count.
  const { socket } = message;
  const bytesBefore = socket.bytesWritten;
  // Only the client's going: `close` comes as well when a reply or this server breaks the connection.
  let isClientGone = false;
  const leave = (): void => {
    isClientGone = true;
  };
  socket.once('end', leave).once('error', leave);
  response.once('close', () => {
    socket.off('end', leave).off('error', leave);
    if (response.writableFinished || !isClientGone) return;
    isAbandoned = true;
    abandoned.resolve(performance.now());
  });
  const chunks: Buffer[] = [];
  // A client that leaves before it has sent everything is recorded with what it sent.
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {}
  const body = Buffer.concat(chunks).toString();
  const request: SeenRequest = {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: message.headers,
    body,
    json: () => JSON.parse(body) as unknown,
    receivedAtMs: performance.now(),
    stalled: stalled.promise,
    abandoned: abandoned.promise,
    isAbandoned: () => isAbandoned,
    bytesSent: () => socket.bytesWritten - bytesBefore,
  };
  return { request, stall: stalled.resolve };
};
