import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Yields the bytes of a file, gunzipped if it begins with the gzip signature (RFC 1952), with any name. */
export async function* fileBytes(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const source = handle.createReadStream({ start: 0, autoClose: false });
    const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    // `pipeline` passes errors on to the last stream, so the loop that reads it throws them.
    yield* isGzip ? pipeline(source, createGunzip(), () => {}) : source;
  } finally {
    await handle.close();
  }
}
