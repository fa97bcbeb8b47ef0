/** A line of a body, without its line break. */
export interface BodyLine {
  /** The number of the line, from 1. */
  readonly number: number;
  /** The text; `undefined` if the line is too long. */
  readonly text: string | undefined;
}

const LINE_FEED = 0x0a;

/**
 * Yields the lines of a body as they arrive, without those that are empty. A line of more than `maxBytes` bytes is read to its
 * end, but not kept.
 */
export async function* bodyLines(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<BodyLine, undefined> {
  let decoder = new TextDecoder();
  let pieces: string[] = [];
  let bytes = 0;
  let number = 1;
  const take = (piece: Uint8Array): void => {
    bytes += piece.byteLength;
    if (bytes <= maxBytes) pieces.push(decoder.decode(piece, { stream: true }));
    else pieces = [];
  };
  const finish = (): BodyLine => {
    const text = bytes <= maxBytes ? pieces.join('') + decoder.decode() : undefined;
    const line = { number, text };
    decoder = new TextDecoder();
    pieces = [];
    bytes = 0;
    number += 1;
    return line;
  };
  for await (const piece of body) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, start)) {
      take(piece.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (!isEmpty(line)) yield line;
    }
    take(piece.subarray(start));
  }
  const last = finish();
  if (!isEmpty(last)) yield last;
}

const isEmpty = ({ text }: BodyLine): boolean => text?.trim() === '';
