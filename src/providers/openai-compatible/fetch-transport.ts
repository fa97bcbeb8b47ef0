import type { Transport } from './transport.ts';

/** A transport over a `fetch`: that of the platform, or the caller's own. */
export const fetchTransport =
  (fetch: typeof globalThis.fetch = globalThis.fetch): Transport =>
  async ({ url, headers, body, signal }) => {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return { status: response.status, headers: response.headers, body: chunksOf(response.body) };
  };

/** Not every browser can iterate a stream. */
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
    // A reader that stops early frees the connection; what it says of that interests nobody.
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}
