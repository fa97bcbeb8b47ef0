import { type AdapterResponse, nodeResponse } from './http.ts';

/**
 * Sends a response of `fetch` as that of an adapter, as fast as the client reads it. A client that leaves cancels its body.
 *
 * @param isClosing whether the server waits for its connections to close: then it would wait for one that is kept for a next
 * request, which takes five seconds under Express and 72 under Fastify.
 */
export const sendResponse = async (
  response: Response,
  adapter: AdapterResponse,
  isClosing: () => boolean,
): Promise<void> => {
  const node = nodeResponse(adapter);
  const reader = response.body?.getReader();
  // Ends the read that waits.
  const cancel = (): void => void reader?.cancel().catch(() => undefined);
  if (node.destroyed) return cancel();
  node.once('close', cancel);
  adapter.hijack?.();
  // Hooks of Fastify set headers that are not yet those of the response of Node.
  for (const [name, value] of Object.entries((adapter.raw && adapter.getHeaders?.()) ?? {}))
    if (value !== undefined) node.setHeader(name, value);
  node.statusCode = response.status;
  for (const [name, value] of response.headers) node.setHeader(name, value);
  if (isClosing()) node.setHeader('connection', 'close');
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (node.destroyed) return;
    if (done || value === undefined) break;
    if (!node.write(value)) await drained(node);
  }
  // A stream may have begun before.
  const { socket } = node;
  if (isClosing()) node.once('finish', () => socket?.destroySoon());
  node.end();
};

const drained = (node: ReturnType<typeof nodeResponse>): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      node.off('drain', end);
      node.off('close', end);
      resolve();
    };
    node.once('drain', end);
    node.once('close', end);
  });
