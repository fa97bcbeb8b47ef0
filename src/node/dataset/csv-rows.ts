import { pipeline } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { MAX_HELD_BYTES, type Refuse, type Row } from './row.ts';

/** Yields the records of a CSV file (RFC 4180) with a header row. An empty cell is a missing field. */
export async function* csvRows(bytes: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<Row> {
  let columns: readonly string[] | undefined;
  let lines = 0;
  const options = { bom: true, info: true, skip_empty_lines: true, max_record_size: MAX_HELD_BYTES };
  // `pipeline` passes errors on to the last stream, so the loop that reads it throws them.
  const records: AsyncIterable<{ readonly info: Info; readonly record: readonly string[] }> = pipeline(
    () => textOf(bytes),
    parse(options),
    () => {},
  );
  try {
    for await (const { info, record } of records) {
      lines = info.lines;
      if (columns === undefined) {
        columns = record.map((name) => name.trim());
        continue;
      }
      yield rowOf(columns, record, lines);
    }
  } catch (error) {
    if (error instanceof CsvError) {
      refuse(`line ${error.lines ?? lines + 1}`, [`invalid CSV (${error.code})`]);
    }
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      refuse('', [`invalid UTF-8 after line ${lines}; save the file as UTF-8`]);
    }
    throw error;
  }
}

async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

const rowOf = (columns: readonly string[], record: readonly string[], line: number): Row => ({
  place: `line ${line}`,
  number: line,
  fields: columns,
  get: (field) => record[columns.indexOf(field)] || undefined,
});
