/** `toBase64` of the platform, where it has one. */
interface Encoding {
  toBase64?(): string;
}

/** How many bytes are turned into text at once: a function takes no more arguments. A multiple of 3. */
const CHUNK_BYTES = 0x6000;

/** Encodes bytes as base64, by what the platform has for it. */
export const toBase64 = (bytes: Uint8Array & Encoding): string => {
  const { Buffer: buffers } = globalThis as {
    Buffer?: {
      from(data: ArrayBufferLike, at: number, length: number): { toString(encoding: string): string };
    };
  };
  if (buffers !== undefined)
    return buffers.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  if (bytes.toBase64 !== undefined) return bytes.toBase64();
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES)));
  return text;
};
