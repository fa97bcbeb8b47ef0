import { ConfigError } from '../domain/errors.ts';
import { plainName, shownPath } from '../domain/quoting.ts';
import { limitedSize } from '../engine/request/text-request.ts';
import { listedFields } from '../experiment/dataset/field-names.ts';
import { noteSizeCheck } from '../experiment/dataset/size-checked.ts';
import type { Question } from '../experiment/question.ts';
import { checked, nonEmpty, oneOf, reading, refuse, shown, suchThat, trueOrFalse } from '../options.ts';
import { type CsvOptions, csvRows } from './dataset/csv-rows.ts';
import { fileBytes } from './dataset/file-bytes.ts';
import { type FileFields, filesOf, hasFiles } from './dataset/file-fields.ts';
import { jsonLineRows, jsonRows } from './dataset/json-rows.ts';
import { questionOf } from './dataset/question-of.ts';
import { placed, type Refuse, type Row, refuseIn } from './dataset/row.ts';
import { createKeyTable } from './journal/key-table.ts';
import { pathFaults } from './path-faults.ts';
import { unreadable } from './unreadable.ts';

/** The format of a dataset file; each may be gzipped. */
export type DatasetFormat = 'jsonl' | 'json' | 'csv' | 'tsv';

/** Options of {@link readDataset}. */
export interface ReadDatasetOptions {
  /** The format. Default: by the extension `.jsonl` or `.ndjson`, `.json`, `.csv`, `.tsv` or `.tab`, each also with `.gz`. */
  readonly format?: DatasetFormat;
  /** The delimiter of `csv` and `tsv`, one character. Default: by the header row: a comma, semicolon, tab or `|`. */
  readonly delimiter?: string;
  /** The field of the id. Default `id`; the default id is the number of the line. */
  readonly idField?: string;
  /** The field of the question. Default `question`. */
  readonly questionField?: string;
  /** The field of the expected answer. Default `expected`. */
  readonly expectedField?: string;
  /**
   * The fields that name files of the question: images, PDF files, audio and others. Each holds a path relative to the
   * dataset, an `http(s)` URL, or an array of them. Default: none.
   */
  readonly fileFields?: readonly string[];
  /** Whether files may be outside of the folder of the dataset. Default false. */
  readonly allowOutside?: boolean;
}

/**
 * Returns the questions of a file, one by one: JSON Lines, a JSON array, or CSV with a header row, also with semicolons or
 * tabs as Excel writes it. A gzip file is decompressed, even if its name does not end in `.gz`. Each iteration opens the
 * file again, and closes it when the iteration ends, even if it ends early.
 *
 * A question has its id, question and expected answer, and also `category` and recorded `responses` if the record has them;
 * other fields are ignored. A question is a string, or `{ system?, messages }`. In CSV every field is a string, and an empty
 * cell is a missing field.
 *
 * `fileFields` makes a question a user's message with a text and the files. They are checked in all rows before the first
 * question: each must exist in the folder of the dataset, also if it is a link. The model sees the name of the field, because
 * the name of a file often tells the right answer. A question holds the content of its files, up to 100 MiB.
 *
 * Memory does not grow with the length of the file, except for a JSON array, which is held in memory completely, up to 100
 * MiB. A line or a CSV record may be that long too. Ids are compared by 64 bits of their SHA-256, with 24 to 48 bytes per id
 * outside of the heap. Among a million ids, two different ones are treated as equal in one of 37 million files.
 *
 * @throws {ConfigError} at once if an option is invalid. While iterating, with file and line, if the file cannot be read, a
 * record is not a question, a file of one cannot be used, or an id is used twice.
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
  return reading('readDataset', () => {
    const format = options?.format ?? formatOf(path);
    const names = checked(
      'readDataset',
      options,
      {
        format: oneOf(formats, ''),
        delimiter: suchThat('one character, and no quote or line break', isDelimiter),
        idField: [nonEmpty, 'id'],
        questionField: [nonEmpty, 'question'],
        expectedField: [nonEmpty, 'expected'],
        fileFields: [suchThat('an array of different names of fields', areNames), []],
        allowOutside: [trueOrFalse, false],
      },
      [
        ...pathFaults('readDataset', path),
        ...formatFaults(path, format),
        ...delimiterFaults(options ?? {}, format),
        ...outsideFaults(options ?? {}),
      ],
    );
    const refuseRow: Refuse = refuseIn(path);
    const rows = () => rowsOf[format as DatasetFormat](fileBytes(path), refuseRow, names);
    const fields = { ...names, dataset: path };
    const questions = (maxRequestBytes = Number.POSITIVE_INFINITY): AsyncIterable<Question> => ({
      async *[Symbol.asyncIterator]() {
        const seen = createKeyTable();
        let place = '';
        try {
          if (names.fileFields.length > 0) await checkFiles(rows(), fields, maxRequestBytes);
          for await (const row of rows()) {
            place = row.place;
            const { attachments, faults } = await filesOf(row, fields);
            if (faults.length > 0) refuseRow(place, faults);
            const question = questionOf(row, names, attachments, refuseRow);
            const [earlier] = seen.positionsOf(question.id);
            const unit = place.replace(/ .*/, '');
            if (earlier !== undefined) {
              refuseRow(place, [`${names.idField} is already used in ${unit} ${earlier}`]);
            }
            seen.add(question.id, row.number);
            yield question;
          }
        } catch (error) {
          throw error instanceof ConfigError ? error : unreadable(path, error, place);
        }
      },
    });
    const dataset = questions();
    noteSizeCheck(dataset, questions);
    return dataset;
  });
};

/** The maximum number of faults of files that are listed. */
const MAX_LISTED = 20;

/** Checks the files of all rows, so that one that is missing or too large is found before the first question is asked. */
const checkFiles = async (
  rows: AsyncIterable<Row>,
  fields: FileFields,
  maxRequestBytes: number,
): Promise<void> => {
  const listed: string[] = [];
  const unseen = new Set(fields.fileFields);
  let count = 0;
  let last: Row | undefined;
  for await (const row of rows) {
    last = row;
    for (const field of unseen) if (hasFiles(row, field)) unseen.delete(field);
    const { faults: ofFiles, bytes } = await filesOf(row, fields, true);
    const faults = [...ofFiles, ...limitedSize('question', Math.ceil(bytes / 3) * 4, maxRequestBytes)];
    count += faults.length;
    listed.push(...placed(fields.dataset, row.place, faults.slice(0, MAX_LISTED - listed.length)));
  }
  if (last !== undefined)
    for (const field of unseen)
      listed.push(
        ...placed(fields.dataset, '', [
          `no row has a file in the field "${plainName(field)}" of "fileFields"; ${listedFields(last)}`,
        ]),
      );
  if (count > MAX_LISTED)
    listed.push(...placed(fields.dataset, '', [`${count - MAX_LISTED} more faults of files`]));
  refuse(listed);
};

const rowsOf: Readonly<
  Record<
    DatasetFormat,
    (
      bytes: AsyncIterable<Buffer>,
      refuse: Refuse,
      names: Pick<CsvOptions, 'delimiter' | 'questionField'>,
    ) => AsyncIterable<Row>
  >
> = {
  jsonl: jsonLineRows,
  json: jsonRows,
  csv: (bytes, refuse, names) => csvRows(bytes, refuse, { ...names, fallback: ',' }),
  tsv: (bytes, refuse, names) => csvRows(bytes, refuse, { ...names, fallback: '\t' }),
};

const areNames = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((name) => nonEmpty(name) === undefined) &&
  new Set(value).size === value.length;

const outsideFaults = ({ fileFields, allowOutside }: ReadDatasetOptions): readonly string[] =>
  allowOutside === true && fileFields === undefined
    ? [
        'readDataset: option "allowOutside" has an effect on files only; remove it, or name their fields in "fileFields"',
      ]
    : [];

const isDelimiter = (value: unknown): boolean => typeof value === 'string' && /^[^"\r\n]$/u.test(value);

const delimiterFaults = ({ delimiter }: ReadDatasetOptions, format: unknown): readonly string[] =>
  delimiter === undefined || format === 'csv' || format === 'tsv'
    ? []
    : ['readDataset: option "delimiter" has an effect on "csv" and "tsv" only; remove it, or set "format"'];

const formats = Object.keys(rowsOf);

const formatOf = (path: string): DatasetFormat | undefined => {
  const [, extension] = /\.(jsonl|ndjson|json|csv|tsv|tab)(?:\.gz)?$/i.exec(path) ?? [];
  const format = extension?.toLowerCase();
  return format === 'ndjson' ? 'jsonl' : format === 'tab' ? 'tsv' : (format as DatasetFormat | undefined);
};

const formatFaults = (path: unknown, format: unknown): readonly string[] =>
  format === undefined
    ? [
        `readDataset: the extension of ${typeof path === 'string' ? `"${shownPath(path)}"` : shown(path)} is not a known format; set the option "format"`,
      ]
    : [];
