import type { JournalFile } from './journal-system.ts';

const CHUNK_BYTES = 131_072;

/** Yields the bytes of an open file up to an offset. The file may grow meanwhile. */
export async function* fileChunks(file: JournalFile, end: number): AsyncGenerator<Buffer> {
  for (let position = 0; position < end; ) {
    // One buffer for each chunk: the consumer may keep a chunk while the next one is read.
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - position));
    const count = await file.read(buffer, position);
    if (count === 0) return;
    yield buffer.subarray(0, count);
    position += count;
  }
}
