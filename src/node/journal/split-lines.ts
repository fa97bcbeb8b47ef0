/** One line of a file. */
export interface Line {
  /** What stands before the line break. */
  readonly bytes: Buffer;
  /** Where it begins, in bytes from the first chunk's beginning. */
  readonly offset: number;
  /** From 1. */
  readonly number: number;
  /** Whether a line break ends it; only the last line may have none. */
  readonly isWhole: boolean;
}

const LINE_FEED = 10;

/**
 * The lines of a file, as bytes. Not `node:readline`: it also breaks lines at U+2028, which stands in JSON
 * strings as it is, and tells neither where a line begins nor whether the last one is whole.
 *
 * @param check is told how long a line is so far that goes on in the next chunk, and throws where that is too long.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  check: (bytes: number, number: number) => void = () => {},
): AsyncGenerator<Line> {
  // A line longer than a chunk is put together once, not once a chunk.
  let pieces: Buffer[] = [];
  let held = 0;
  let offset = 0;
  let number = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to !== -1; to = chunk.indexOf(LINE_FEED, from)) {
      const bytes = joined(pieces, chunk.subarray(from, to));
      pieces = [];
      held = 0;
      number += 1;
      yield { bytes, offset, number, isWhole: true };
      offset += bytes.length + 1;
      from = to + 1;
    }
    if (from === chunk.length) continue;
    pieces.push(chunk.subarray(from));
    held += chunk.length - from;
    check(held, number + 1);
  }
  const [first, ...rest] = pieces;
  if (first !== undefined) {
    yield { bytes: Buffer.concat([first, ...rest]), offset, number: number + 1, isWhole: false };
  }
}

const joined = (pieces: readonly Buffer[], last: Buffer): Buffer =>
  pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
