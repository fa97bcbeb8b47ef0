import { ConfigError } from '../domain/errors.ts';
import type { Question } from '../experiment/question.ts';
import { faultsOf, nonEmpty, oneOf, refuse, shown } from '../options.ts';
import { csvRows } from './dataset/csv-rows.ts';
import { fileBytes } from './dataset/file-bytes.ts';
import { jsonLineRows, jsonRows } from './dataset/json-rows.ts';
import { questionOf } from './dataset/question-of.ts';
import type { Refuse, Row } from './dataset/row.ts';
import { createKeyTable } from './journal/key-table.ts';

/** What a dataset file can be; each of them also gzipped. */
export type DatasetFormat = 'jsonl' | 'json' | 'csv';

/** Options of {@link readDataset}. */
export interface ReadDatasetOptions {
  /** What the file is. Default: by its name: `.jsonl` or `.ndjson`, `.json`, `.csv`, each also with `.gz`. */
  readonly format?: DatasetFormat;
  /** The field that names a question. Default `id`; a question without one has the number of its line. */
  readonly idField?: string;
  /** The field of the question. Default `question`. */
  readonly questionField?: string;
  /** The field of the right answer. Default `expected`. */
  readonly expectedField?: string;
}

/**
 * The questions of a file, one by one: JSON Lines, a JSON array, or CSV with a header row, gunzipped where the
 * file is gzip, whatever its name. The file is opened when the questions are iterated, each time anew, and
 * closed when that ends, also early.
 *
 * Besides id, question and right answer, `category` and recorded `responses` are taken over; other fields
 * are not. A question is a text, or `{ system?, messages }`. In CSV every field is a text, and an empty cell is
 * no field.
 *
 * A file of any length is read in flat memory. Only a JSON array is held as a whole, up to 100 MiB; a line or
 * a CSV record may be as long. Ids are told apart by 64 bits of their SHA-256, kept in 24 to 48 bytes an id outside
 * of the heap: two of a million different ids are taken for the same in one of 37 million files.
 *
 * @throws {ConfigError} at once for options that cannot be; while iterating, with file and line, for a file that
 *   cannot be read, a record that is no question, and an id that was there before.
 *
 * @example
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { readDataset } from 'crucible-ensemble/node';
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'dataset-')), 'capitals.csv');
 * writeFileSync(path, 'id,prompt,expected\nfr,What is the capital of France?,Paris\n');
 * const questions = await Array.fromAsync(readDataset(path, { questionField: 'prompt' }));
 * questions; // => [{ id: 'fr', question: 'What is the capital of France?', expected: 'Paris' }]
 * ```
 */
export const readDataset = (path: string, options: ReadDatasetOptions = {}): AsyncIterable<Question> => {
  const format = options?.format ?? formatOf(path);
  refuse(datasetFaults(path, options, format));
  const { idField = 'id', questionField = 'question', expectedField = 'expected' } = options;
  const refuseAt: Refuse = (place, faults) =>
    refuse(faults.map((fault) => `${path}${place && `, ${place}`}: ${fault}`));
  return {
    async *[Symbol.asyncIterator]() {
      const seen = createKeyTable();
      let place = '';
      try {
        for await (const row of rowsOf[format as DatasetFormat](fileBytes(path), refuseAt)) {
          place = row.place;
          const question = questionOf(row, { idField, questionField, expectedField });
          if (!('id' in question)) {
            refuseAt(place, question);
            continue;
          }
          const [earlier] = seen.positionsOf(question.id);
          const unit = place.replace(/ .*/, '');
          if (earlier !== undefined) refuseAt(place, [`${idField} is that of ${unit} ${earlier}`]);
          seen.add(question.id, row.number);
          yield question;
        }
      } catch (error) {
        throw error instanceof ConfigError ? error : unreadable(path, place, error);
      }
    },
  };
};

const rowsOf: Readonly<
  Record<DatasetFormat, (bytes: AsyncIterable<Buffer>, refuseAt: Refuse) => AsyncIterable<Row>>
> = { jsonl: jsonLineRows, json: jsonRows, csv: csvRows };

const formatOf = (path: string): DatasetFormat | undefined => {
  const [, extension] = /\.(jsonl|ndjson|json|csv)(?:\.gz)?$/i.exec(path) ?? [];
  const format = extension?.toLowerCase();
  return format === 'ndjson' ? 'jsonl' : (format as DatasetFormat | undefined);
};

const datasetFaults = (path: unknown, options: unknown, format: unknown): readonly string[] => [
  ...(nonEmpty(path) === undefined ? [] : [`readDataset: the path must be a text, but got ${shown(path)}`]),
  ...faultsOf('readDataset', options, {
    format: oneOf(Object.keys(rowsOf), ''),
    idField: nonEmpty,
    questionField: nonEmpty,
    expectedField: nonEmpty,
  }),
  ...(format === undefined
    ? [`readDataset: the name ${shown(path)} does not tell its format; give the option "format"`]
    : []),
];

const unreadable = (path: string, place: string, error: unknown): unknown => {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new ConfigError([`${path}: there is no such file`]);
  // A torn archive still yields the records before the tear.
  if (code?.startsWith('Z_')) {
    return new ConfigError([
      `${path}${place && `, after ${place}`}: the archive is torn or damaged (${code})`,
    ]);
  }
  return syscall === undefined ? error : new ConfigError([`${path}: cannot be read (${code})`]);
};
