import { BodyTooLarge } from '../bounded-fetch.ts';

/** The same chunks; ends with an error where they are more than is held. */
export async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxResponseBytes: number,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of body) {
    received += chunk.byteLength;
    if (received > maxResponseBytes) throw new BodyTooLarge(`more than ${maxResponseBytes} bytes`);
    yield chunk;
  }
}

/** All of a body, as text. */
export const readText = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
};
