import type { ServerResponse } from 'node:http';
import { accepting, hasMethods, reading, suchThat } from '../options.ts';

/** Writes the reply to a request. It calls `stalled` when it stops writing without ending the response. */
export type Reply = (response: ServerResponse, stalled: () => void) => void;

/** Options of replies with a body. */
export interface ReplyOptions {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event of a stream. */
export interface ServedEvent {
  readonly event?: string;
  readonly data: string;
}

/** Options of {@link eventStream}. */
export interface EventStreamOptions extends ReplyOptions {
  /** The number of bytes in the first of two writes. Default: one write. */
  readonly splitAt?: number;
  /** The maximum number of bytes in one write; 1 splits characters of several bytes. Default: all bytes. */
  readonly splitEvery?: number;
  /** The number of bytes after which the stream ends. Default: all bytes. */
  readonly endAt?: number;
  /** How the stream ends: with the response, not at all, or with a reset connection. Default `'end'`. */
  readonly ending?: 'end' | 'stall' | 'reset';
  /** Default `'\n'`. */
  readonly newline?: '\n' | '\r\n' | '\r';
  /** Whether the stream begins with a byte order mark. Default false. */
  readonly byteOrderMark?: boolean;
}

/** Makes a reply that refuses what is not the response of a server. */
const replyOf =
  (owner: string, reply: Reply): Reply =>
  (response, stalled) =>
    accepting(owner, aResponse, (accepted: ServerResponse) => reply(accepted, stalled))(response);

const aResponse = suchThat('the response of a server', (value) =>
  hasMethods(value, 'writeHead', 'write', 'end', 'once', 'off'),
);

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** Runs a task after a delay, unless the connection is closed before. */
const later = (response: ServerResponse, delayMs: number, task: () => void): void => {
  const forget = (): void => clearTimeout(timer);
  const timer = setTimeout(() => {
    response.off('close', forget);
    task();
  }, delayMs);
  response.once('close', forget);
};

/** Replies with a body, a status and headers. */
export const body = (content: string | Uint8Array, options: ReplyOptions = {}): Reply =>
  reading('body', () => {
    const { status = 200, headers = {} } = options;
    return replyOf('body', (response) => {
      response.writeHead(status, { 'content-length': Buffer.byteLength(content), ...headers }).end(content);
    });
  });

/** Replies with a JSON value. */
export const json = (value: unknown, options: ReplyOptions = {}): Reply =>
  reading('json', () => {
    const { status = 200, headers } = options;
    return body(JSON.stringify(value), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });
  });

/** Replies with a web page, as proxies and captive portals do. */
export const html = (options: ReplyOptions = {}): Reply =>
  reading('html', () =>
    body('<!doctype html><title>Welcome</title><h1>Please sign in</h1>', {
      ...options,
      headers: { 'content-type': 'text/html; charset=utf-8', ...options.headers },
    }),
  );

/** Replies with the first half of a JSON value, in an otherwise complete response. */
export const cutJson = (value: unknown, options: ReplyOptions = {}): Reply => {
  return reading('cutJson', () => {
    const text = JSON.stringify(value);
    return body(text.slice(0, Math.floor(text.length / 2)), {
      ...options,
      headers: { 'content-type': 'application/json', ...options.headers },
    });
  });
};

/** Reads the request, and never replies. */
export const stalledHeaders = (): Reply => replyOf('stalledHeaders', (_response, stalled) => stalled());

/** Sends headers and the first bytes of a JSON body, then nothing. */
export const stalledBody = (value: unknown, afterBytes: number): Reply =>
  replyOf('stalledBody', (response, stalled) => {
    const bytes = Buffer.from(JSON.stringify(value));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.byteLength });
    response.flushHeaders();
    response.write(bytes.subarray(0, afterBytes), stalled);
  });

/** Sends a body of `totalBytes` as fast as the client reads it: JSON, unless `headers` name another type. Default 100 MB. */
export const endlessBody = (totalBytes = 100_000_000, options: ReplyOptions = {}): Reply =>
  reading('endlessBody', () => {
    const { status = 200, headers = {} } = options;
    return replyOf('endlessBody', (response) => {
      const chunk = Buffer.alloc(65_536, 'x');
      let sent = 0;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.write('{"padding":"');
      const send = (): void => {
        while (!response.destroyed && sent < totalBytes) {
          sent += chunk.byteLength;
          if (!response.write(chunk)) {
            response.once('drain', send);
            return;
          }
        }
        if (!response.destroyed) response.end('"}');
      };
      send();
    });
  });

/** Resets the connection, before any header or after the first bytes of a JSON body. */
export const reset = (value?: unknown, afterBytes = 0): Reply =>
  replyOf('reset', (response) => {
    const socket = response.socket;
    if (value === undefined) {
      socket?.resetAndDestroy();
      return;
    }
    const bytes = Buffer.from(JSON.stringify(value));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.byteLength });
    // A reset discards bytes that the client has not read yet, so it gets time to read them.
    response.write(bytes.subarray(0, afterBytes), () => later(response, 20, () => socket?.resetAndDestroy()));
  });

/** Encodes events as the bytes of an event stream. */
export const encodeEvents = (
  events: readonly ServedEvent[],
  options: Pick<EventStreamOptions, 'newline' | 'byteOrderMark'> = {},
): Uint8Array => {
  return reading('encodeEvents', () => {
    const { newline = '\n', byteOrderMark = false } = options;
    const lines = events.flatMap(({ event, data }) => [
      ...(event === undefined ? [] : [`event: ${event}`]),
      ...data.split('\n').map((line) => `data: ${line}`),
      '',
    ]);
    return Buffer.from((byteOrderMark ? '\uFEFF' : '') + lines.map((line) => line + newline).join(''));
  });
};

/** Replies with a stream of events, which can be split and ended at any byte. */
export const eventStream = (events: readonly ServedEvent[], options: EventStreamOptions = {}): Reply =>
  replyOf('eventStream', (response, stalled) => {
    const { status = 200, headers = {}, ending = 'end', endAt, splitAt } = options;
    const bytes = encodeEvents(events, options).subarray(0, endAt);
    const pieces = divide(bytes, splitAt, options.splitEvery ?? bytes.byteLength);
    response.writeHead(status, { ...EVENT_STREAM, ...headers });
    response.flushHeaders();
    response.socket?.setNoDelay(true);
    const finish = (): void => {
      if (ending === 'end') response.end();
      else if (ending === 'stall') stalled();
      else later(response, 20, () => response.socket?.resetAndDestroy());
    };
    const send = (index: number): void => {
      const piece = pieces[index];
      if (piece === undefined) finish();
      // A turn of the event loop between writes, so that the pieces arrive one by one.
      else if (!response.destroyed) response.write(piece, () => setImmediate(send, index + 1));
    };
    send(0);
  });

const divide = (bytes: Uint8Array, splitAt: number | undefined, splitEvery: number): Uint8Array[] => {
  if (splitAt !== undefined) return [bytes.subarray(0, splitAt), bytes.subarray(splitAt)].filter(isNotEmpty);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += splitEvery) pieces.push(bytes.subarray(at, at + splitEvery));
  return pieces;
};

const isNotEmpty = ({ byteLength }: Uint8Array): boolean => byteLength > 0;

/** Replies with an event stream that sends a comment every `everyMs` milliseconds, and never an event. Default 5. */
export const commentsOnly = (everyMs = 5): Reply =>
  replyOf('commentsOnly', (response, stalled) => {
    response.writeHead(200, EVENT_STREAM).flushHeaders();
    const beat = (): void => {
      response.write(': keep-alive\n\n');
      later(response, everyMs, beat);
    };
    beat();
    stalled();
  });

/** Sends another reply after `delayMs` milliseconds. */
export const delayed = (delayMs: number, reply: Reply): Reply =>
  replyOf('delayed', (response, stalled) => later(response, delayMs, () => reply(response, stalled)));
