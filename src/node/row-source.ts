/** A source of rows for a stream, which keeps the error of the entries. */
export interface RowSource<Row> extends AsyncIterableIterator<Row, undefined> {
  readonly failure: () => { readonly error: unknown } | undefined;
}

/**
 * Returns the rows of entries, for a stream that writes them. An entry may have no row. If the entries fail, the rows
 * end, so that earlier rows are still written, and `failure` returns the error. Unlike a generator, the source can be
 * closed while it waits for the next entry.
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
