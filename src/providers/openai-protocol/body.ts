import { byteLimit } from '../bounded-fetch.ts';

/**
 * Returns the chunks of a stream. Some browsers cannot iterate it; the stream of a `fetch` that is not the platform's may
 * have no reader.
 */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null | undefined,
): AsyncGenerator<Uint8Array> {
  if (stream === null || stream === undefined) return;
  if (!('getReader' in stream)) {
    yield* stream;
    return;
  }
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

/** Returns the chunks of a body. Throws if they exceed the limit. */
export async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxResponseBytes: number,
): AsyncGenerator<Uint8Array> {
  const count = byteLimit(maxResponseBytes);
  for await (const chunk of body) {
    count(chunk);
    yield chunk;
  }
}

/** Reads a whole body as text. */
export const readText = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
};

/** The maximum size of an error body that is read, in bytes. Its code is near the beginning. */
const MAX_ERROR_BYTES = 65_536;

/** Reads an error body: as JSON, or else as text. `undefined` for one that breaks, because the status is enough. */
export const readErrorBody = async (body: AsyncIterable<Uint8Array>): Promise<unknown> => {
  const text = await readBeginning(body).catch(() => undefined);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
};

const readBeginning = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let left = MAX_ERROR_BYTES;
  for await (const chunk of body) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.byteLength;
    if (left <= 0) break;
  }
  return text;
};
