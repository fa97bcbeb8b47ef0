/**
 * Servers that speak the OpenAI chat protocol: their presets, the HTTP transports, and the differences in their replies.
 */

import { byteLimit } from '../bounded-fetch.ts';

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
