import type { Transport } from './transport.ts';

/** Returns a transport over a `fetch`: the platform's, or the caller's. */
export const fetchTransport =
  (fetch: typeof globalThis.fetch = globalThis.fetch): Transport =>
  async ({ url, headers, body, signal }) => {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return { status: response.status, headers: response.headers, body: chunksOf(response.body) };
  };

/** Returns the chunks of a stream, because some browsers cannot iterate it. */
async function* chunksOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (stream === null) return;
  const reader = stream.getReader();
  let isDone = false;
  try {
    while (!isDone) {
      const { done, value } = await reader.read();
      isDone = done;
      if (value !== undefined) yield value;
    }
  } finally {
    // Cancelling frees the connection. Its failure does not matter, because the response is not needed.
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}
