import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 262_144;

/** The bytes of an open file from one position up to another; the file may be written meanwhile. */
export async function* fileChunks(handle: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  for (let position = from; position < to; ) {
    // A buffer each: what was yielded may be held while the next one is read.
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, to - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
