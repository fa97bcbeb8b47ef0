/** What a stream reads rows from, and what reading them failed with. */
export interface RowSource<Row> extends AsyncIterableIterator<Row, undefined> {
  readonly failure: () => { readonly error: unknown } | undefined;
}

/**
 * The rows of entries, for a stream that writes them; an entry may have none. Where reading fails, the rows end, so
 * that those before are written, and `failure` says with what. Closed with the stream, also while it waits for the
 * next entry, which a generator could not be.
 */
export const rowSource = <Entry, Row>(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  toRow: (entry: Entry) => Row | undefined,
): RowSource<Row> => {
  const iterator =
    Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const close = async (): Promise<IteratorResult<Row, undefined>> => {
    await iterator.return?.();
    return { done: true, value: undefined };
  };
  const source: RowSource<Row> = {
    failure: () => failure,
    async next() {
      try {
        for (;;) {
          const { done, value } = await iterator.next();
          if (done === true) return { done, value: undefined };
          const row = toRow(value);
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
  return source;
};
