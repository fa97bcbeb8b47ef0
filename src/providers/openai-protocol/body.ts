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

/** A body as it is read: its chunks, of which those that were read already can be put back. */
export interface Body extends AsyncIterableIterator<Uint8Array> {
  readonly putBack: (chunks: readonly Uint8Array[]) => void;
}

/** Returns the chunks of a body. Throws if they exceed the limit. No generator, which costs four promises a chunk. */
export const bounded = (body: AsyncIterable<Uint8Array>, maxResponseBytes: number): Body => {
  const count = byteLimit(maxResponseBytes);
  const chunks = body[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  const close = async (): Promise<IteratorResult<Uint8Array>> => {
    await chunks.return?.();
    return { done: true, value: undefined };
  };
  const counted = (result: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> | Promise<never> => {
    try {
      if (result.done !== true) count(result.value);
      return result;
    } catch (error) {
      return close().then(() => Promise.reject(error));
    }
  };
  const iterator: Body = {
    next() {
      const value = read.shift();
      return value === undefined ? chunks.next().then(counted) : Promise.resolve({ done: false, value });
    },
    return: close,
    putBack: (chunks) => read.unshift(...chunks),
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
};

const decoder = new TextDecoder();

/** Reads a whole body as text. */
export const readText = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return decoder.decode(chunks.length === 1 ? chunks[0] : joined(chunks));
};

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((bytes, chunk) => bytes + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
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
