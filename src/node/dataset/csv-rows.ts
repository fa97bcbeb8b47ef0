import { pipeline } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { csvLayout } from './csv-delimiter.ts';
import { MAX_HELD_BYTES, type Refuse, type Row } from './row.ts';

/** How a CSV file is read. */
export interface CsvOptions {
  /** The delimiter. Default: by the header row. */
  readonly delimiter?: string | undefined;
  /** The delimiter if the header row has none. */
  readonly fallback: string;
  /** The column of the questions. */
  readonly questionField: string;
}

/** Yields the records of a CSV file (RFC 4180, with any delimiter) with a header row. An empty cell is a missing field. */
export async function* csvRows(
  bytes: AsyncIterable<Buffer>,
  refuse: Refuse,
  { delimiter, fallback, questionField }: CsvOptions,
): AsyncGenerator<Row> {
  let columns: readonly string[] | undefined;
  let lines = 0;
  try {
    const { start, text } = await beginningOf(textOf(bytes));
    const layout = csvLayout(start, questionField, fallback);
    const separator = delimiter ?? layout.delimiter;
    // `pipeline` passes errors on to the last stream, so the loop that reads it throws them.
    const records: AsyncIterable<{ readonly info: Info; readonly record: readonly string[] }> = pipeline(
      text,
      parse({
        bom: true,
        info: true,
        skip_empty_lines: true,
        max_record_size: MAX_HELD_BYTES,
        delimiter: separator,
        from_line: layout.headerLine,
        // Files with tabs often have quotes that quote nothing.
        relax_quotes: separator === '\t',
      }),
      () => {},
    );
    for await (const { info, record } of records) {
      lines = info.lines;
      if (columns === undefined) {
        columns = record.map((name) => name.trim());
        continue;
      }
      yield rowOf(columns, record, lines, separator);
    }
  } catch (error) {
    if (error instanceof CsvError) {
      refuse(`line ${error.lines ?? lines + 1}`, [`invalid CSV (${error.code})`]);
    }
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      refuse('', [`invalid UTF-8${lines === 0 ? '' : ` after line ${lines}`}; save the file as UTF-8`]);
    }
    throw error;
  }
}

async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The maximum number of characters that are read to find the header row. */
const MAX_HEADER = 65_536;

/** Reads a text up to the end of its second line, and returns that beginning and the whole text. */
const beginningOf = async (source: AsyncGenerator<string>) => {
  const chunks: string[] = [];
  let start = '';
  while (start.length < MAX_HEADER && start.split('\n', 3).length < 3) {
    const { done, value } = await source.next();
    if (done) break;
    chunks.push(value);
    start += value;
  }
  return {
    start,
    text: async function* () {
      yield* chunks;
      yield* source;
    },
  };
};

const rowOf = (
  columns: readonly string[],
  record: readonly string[],
  line: number,
  separator: string,
): Row => ({
  place: `line ${line}`,
  number: line,
  fields: columns,
  separator,
  get: (field) => record[columns.indexOf(field)] || undefined,
});
