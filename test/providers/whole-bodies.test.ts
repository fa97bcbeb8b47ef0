import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BodyTooLarge } from '../../src/providers/bounded-fetch.ts';
import { bounded, readText } from '../../src/providers/openai-protocol/body.ts';

async function* bodyOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const chunkLists = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 4 }).map((text) => new TextEncoder().encode(text)),
    fc.constant(Uint8Array.of(0xef, 0xbb, 0xbf)),
  ),
  { maxLength: 8 },
);

it('reads the text that a decoder reads chunk by chunk, however characters are divided', async () => {
  await fc.assert(
    fc.asyncProperty(chunkLists, async (chunks) => {
      // Node takes a mark of the byte order for the first one if only the part of a character stands before it.
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const texts = chunks.map((chunk) => decoder.decode(chunk, { stream: true }));
      const marked = texts.join('') + decoder.decode();
      expect(await readText(bodyOf(chunks))).toBe(marked.startsWith('\ufeff') ? marked.slice(1) : marked);
    }),
  );
});

it('returns the chunks that were put back, and counts each once', async () => {
  await fc.assert(
    fc.asyncProperty(chunkLists, fc.nat(8), async (chunks, peeked) => {
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
      const body = bounded(bodyOf(chunks), bytes);
      const read: Uint8Array[] = [];
      for (let count = 0; count < peeked; count += 1) {
        const { done, value } = await body.next();
        if (!done) read.push(value);
      }
      body.putBack(read);
      expect(await Array.fromAsync(body)).toEqual(chunks);
    }),
  );
});

it('fails above its limit, and closes the body', async () => {
  let isClosed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(10);
    } finally {
      isClosed = true;
    }
  }
  await expect(readText(bounded(endless(), 35))).rejects.toThrow(BodyTooLarge);
  expect(isClosed).toBe(true);
});
