import { Readable, type Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pauses } from '../time/in-slices.ts';

/**
 * Writes the rows of entries through streams, which are opened once the entries can be read. An entry may have no row. If the entries fail, earlier rows are still
 * written; then it rejects with their error. If a stream fails, it rejects with the result of `toError`.
 */
export const writeRows = async <Entry, Row>(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  toRow: (entry: Entry) => Row | undefined,
  openStreams: () => readonly [...Transform[], Writable],
  toError: (error: unknown) => Error,
): Promise<void> => {
  const iterator =
    Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const close = async (): Promise<IteratorResult<Row, undefined>> => {
    await iterator.return?.();
    return { done: true, value: undefined };
  };
  // Unlike a generator, this source can be closed while it waits for the next entry.
  // A timer would be left if the file cannot be written.
  const pause = pauses(nextTurn);
  const source: AsyncIterableIterator<Row, undefined> = {
    async next() {
      try {
        for (;;) {
          const { done, value } = await iterator.next();
          if (done === true) return { done, value: undefined };
          const row = toRow(value);
          const pending = pause();
          if (pending !== undefined) await pending;
          if (row !== undefined) return { value: row };
        }
      } catch (error) {
        failure = { error };
        return close();
      }
    },
    return: close,
    [Symbol.asyncIterator]: () => source,
  };
  try {
    await pipeline([Readable.from(source), ...openStreams()]);
  } catch (error) {
    throw toError(error);
  }
  if (failure !== undefined) throw failure.error;
};
