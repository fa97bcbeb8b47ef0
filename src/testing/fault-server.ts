import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, type Reply } from './replies.ts';

/** A request that the server received. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as text; {@link SeenRequest.json} reads it. */
  readonly body: string;
  readonly json: () => unknown;
  /** The time at which the whole request had been read, by `performance.now()`. */
  readonly receivedAtMs: number;
  /** Settles when the server has written everything that it writes before it stalls. */
  readonly stalled: Promise<void>;
  /** Settles with the time at which the client closed the connection before the end of the reply. */
  readonly abandoned: Promise<number>;
  readonly isAbandoned: () => boolean;
  /** Returns the number of bytes sent so far, headers included. */
  readonly bytesSent: () => number;
}

/** A server that misbehaves on request. */
export interface FaultServer {
  /** The address, such as `http://127.0.0.1:40123`. The server answers every path and method. */
  readonly baseURL: string;
  /** The requests so far, in the order in which the server had read them. */
  readonly requests: readonly SeenRequest[];
  /** Sets the next replies, one per request; the last one answers all later requests. */
  readonly script: (...replies: readonly Reply[]) => void;
  /** Chooses later replies by the request, for clients that send requests in no fixed order. */
  readonly answer: (choose: (request: SeenRequest) => Reply) => void;
  /** Waits for the request with this number, from 0. */
  readonly seen: (index: number) => Promise<SeenRequest>;
  /** Ends every connection and stops listening. */
  readonly close: () => Promise<void>;
}

/**
 * Starts an HTTP server on a free port of the loopback interface, for tests of clients. It answers with the replies
 * of its script, such as `json`, `stalledBody`, `eventStream` or `reset`; without a script it answers `{}`. It
 * records every request, and when the client closed the connection.
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
      // Only now, and not when the headers arrived: tests wait for the whole request.
      requests.push(request);
      waiting.get(requests.length - 1)?.(request);
      const reply = choose(request);
      if (!response.destroyed) reply(response, stall);
    });
  });
  // A client may close the connection in the middle of a request.
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
  // Kept, because a response drops its socket when it ends. Bytes of earlier replies on the socket do not count.
  const { socket } = message;
  const bytesBefore = socket.bytesWritten;
  // `close` is also emitted if a reply or this server breaks the connection; only the client counts.
  let isClosedByClient = false;
  const leave = (): void => {
    isClosedByClient = true;
  };
  socket.once('end', leave).once('error', leave);
  response.once('close', () => {
    socket.off('end', leave).off('error', leave);
    if (response.writableFinished || !isClosedByClient) return;
    isAbandoned = true;
    abandoned.resolve(performance.now());
  });
  const chunks: Buffer[] = [];
  // If the client closes the connection early, the part that it sent is recorded.
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
