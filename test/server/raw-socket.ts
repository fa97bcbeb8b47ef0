import { connect, type Socket } from 'node:net';

/** A connection without an HTTP client, to send what none would send. */
export interface RawSocket {
  readonly socket: Socket;
  write(text: string | Uint8Array): void;
  /** Everything that the server has sent, once the text matches. Rejects if the connection closes before. */
  until(pattern: RegExp): Promise<string>;
  /** Everything that the server has sent, once it has closed the connection. */
  readonly closed: Promise<string>;
}

/** Connects to a port of the loopback interface. */
export const rawSocket = async (port: number): Promise<RawSocket> => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setEncoding('utf8');
  let received = '';
  const closed = new Promise<string>((resolve) => {
    // A server that closes may reset the connection.
    socket.on('error', () => undefined);
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve(received));
  });
  socket.on('data', (text: string) => {
    received += text;
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    socket,
    closed,
    write: (text) => socket.write(text),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(received)) resolve(received);
        };
        socket.on('data', look);
        socket.once('close', () => reject(new Error(`closed after ${JSON.stringify(received)}`)));
        look();
      }),
  };
};

/** The text of a request, with a body of JSON if there is one. */
export const requestText = (
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): string => {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const all = {
    host: 'localhost',
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
};
