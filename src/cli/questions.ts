import { addAbortSignal } from 'node:stream';
import type { OwnAttachment } from '../domain/attachment.ts';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { quotedName, shownPath } from '../domain/quoting.ts';
import type { Query } from '../domain/request.ts';
import { fileBytes } from '../node/dataset/file-bytes.ts';
import { filesOf } from '../node/dataset/file-fields.ts';
import { splitLines } from '../node/journal/split-lines.ts';
import { type ReadDatasetOptions, readDataset } from '../node/read-dataset.ts';
import { unreadable } from '../node/unreadable.ts';
import { refuse } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { CommandContext } from './cli-context.ts';
import { requireFile } from './ensemble-file/text-file.ts';
import type { Output } from './output.ts';
import type { PredictFlags } from './predict-flags.ts';

/** One of many questions. */
export interface NumberedQuestion {
  /** The id in the file, or else the number of the line. */
  readonly id: string;
  readonly query: Query;
}

/**
 * Returns the questions of `--input` or `--lines`, which are read only as fast as they are asked; `undefined` without these
 * flags.
 *
 * @throws {ConfigError} if the file does not exist or its format is unknown. While iterating, if a record is invalid.
 */
export const questionsOf = async (
  { input, lines, questionField, fileField, allowOutside }: PredictFlags,
  { stdin, signal, errors }: Pick<CommandContext, 'stdin' | 'signal' | 'errors'>,
): Promise<AsyncIterable<NumberedQuestion> | undefined> => {
  if (lines === true) return linesOf(bytesOf(addAbortSignal(signal, stdin)), 'standard input', errors);
  if (input === undefined) return undefined;
  if (!/\.(?:txt|jsonl|ndjson|json|csv|tsv)(?:\.gz)?$/i.test(input))
    throw new ConfigError([`--input must end in ${formats}, but got ${quotedName(input)}`]);
  await requireFile(input);
  return /\.txt(?:\.gz)?$/i.test(input)
    ? linesOf(fileBytes(input), shownPath(input), errors)
    : datasetQuestions(input, given({ questionField, fileFields: fileField, allowOutside }));
};

async function* bytesOf(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}

/** Yields the lines that are not blank, and counts the others at the end. The next chunk is read when the lines of the last one have been asked. */
async function* linesOf(
  bytes: AsyncIterable<Buffer>,
  where: string,
  errors: Output,
): AsyncGenerator<NumberedQuestion> {
  let asked = 0;
  let blank = 0;
  try {
    for await (const line of splitLines(bytes)) {
      const question = line.bytes.toString().replace(/^\ufeff|\r$/g, '');
      if (question.trim() === '') {
        blank += 1;
        continue;
      }
      asked += 1;
      yield { id: String(line.number), query: question };
    }
  } catch (error) {
    throw unreadable(where, error);
  }
  if (asked === 0) throw new ConfigError([`${where} has no question`]);
  if (blank > 0) errors.print(`${counted(blank, 'blank line')} of ${printable(where)} skipped`);
}

const formats = '.txt (a question a line), .jsonl, .json, .csv or .tsv (a field "question")';

async function* datasetQuestions(
  path: string,
  options: ReadDatasetOptions,
): AsyncGenerator<NumberedQuestion> {
  let asked = 0;
  try {
    for await (const { id, question } of readDataset(path, options)) {
      asked += 1;
      yield { id, query: question };
    }
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(error.faults.map(inFlags)) : error;
  }
  if (asked === 0) throw new ConfigError([`${shownPath(path)} has no question`]);
}

/** Names the flags for the options of a dataset. */
const inFlags = (fault: string): string =>
  fault
    .replace('or set "questionField", probably to ', 'or set --question-field, probably to ')
    .replace('or set "questionField"', 'or set --question-field')
    .replace(': set "delimiter" if it is another', ': use commas, semicolons or tabs')
    .replace('of "fileFields"', 'of --file-field')
    .replace('set "allowOutside"', 'pass --allow-outside')
    .replace(/^readDataset: /, '');

/**
 * Returns the files of `--file`, which go with every question.
 *
 * @throws {ConfigError} that lists every file that cannot be read, or is of an unknown type.
 */
export const filesGiven = async (paths: readonly string[] = []): Promise<readonly OwnAttachment[]> => {
  const fields = { dataset: 'question', fileFields: ['file'], allowOutside: true };
  const { attachments, faults } = await filesOf({ get: () => paths }, fields);
  refuse(
    faults.map((fault) =>
      fault
        .replace(/^file(?:\[(\d+)\])?/, (_, index = 0) => `--file ${shownPath(paths[Number(index)] ?? '')}`)
        .replace(/; paths are relative to .*$/, ''),
    ),
  );
  return attachments;
};
