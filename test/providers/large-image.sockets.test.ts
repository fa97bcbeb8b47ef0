import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEnsemble, type Query } from '../../src/index.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const server = createServer({ allowHalfOpen: false });

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  const closed = once(server, 'close');
  server.close();
  await closed;
});

const IMAGE_BYTES = 20_000_000;

const query: Query = {
  messages: [
    {
      role: 'user',
      content: [{ type: 'file', mediaType: 'image/png', data: new Uint8Array(IMAGE_BYTES) }],
    },
  ],
};

it.each([
  ['undici', {}],
  ['fetch', { fetch: globalThis.fetch }],
])(
  'closes the connection while a large image is being sent, once the caller leaves: %s',
  async (_transport, options) => {
    const { port } = server.address() as AddressInfo;
    const model = openaiCompatible('m', { baseURL: `http://127.0.0.1:${port}/v1`, ...options });
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const asked = createEnsemble({ models: [model] })
      .predict$(query)
      .subscribe();
    const [socket] = await connected;
    // The server reads a piece and no more, so that the rest cannot be sent.
    const [piece] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    let received = piece.length;
    socket.on('data', (more: Buffer) => {
      received += more.length;
    });
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    asked.unsubscribe();
    socket.resume();
    await closed;
    expect(received).toBeLessThan((IMAGE_BYTES * 4) / 3);
  },
);
