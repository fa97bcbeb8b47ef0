import { JournalCorruptError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { shownPath } from '../../domain/quoting.ts';
import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { refuse } from '../../options.ts';
import { fileChunks } from './file-chunks.ts';
import { isTornHeader, refuseOtherVersion } from './header.ts';
import type { JournalFile } from './journal-system.ts';
import type { LineReader } from './line-reader.ts';
import { beginsWithLine, type LineSum, statedSum } from './line-sum.ts';
import { parseEntry } from './parse-line.ts';
import { type Line, lineBatches } from './split-lines.ts';

/** Where a journal file ends. */
export interface Scan {
  /** The offset after the last valid line. The bytes after it are torn. */
  readonly end: number;
  /** Whether the last valid line lacks its line break. */
  readonly lacksBreak: boolean;
  /** The number of the first torn line, if there is one. */
  readonly tornLine?: number;
}

/**
 * Reads a journal from its beginning to its end, and passes each entry with its offset to `onEntry`.
 *
 * Torn lines are lines at the end that a process or a machine did not finish writing: the beginning of a line, and lines
 * with NUL bytes, which a file system leaves if the power fails before the data has arrived.
 *
 * @throws {ConfigError} if the file is not a journal, or has a version that is unknown.
 * @throws {JournalCorruptError} if a line is damaged and not torn.
 */
export const scanJournal = async (
  file: JournalFile,
  path: string,
  reader: LineReader,
  onEntry: (entry: JournalEntry, position: number) => void | Promise<void>,
): Promise<Scan> => {
  const { size } = file.state();
  let end = 0;
  let lacksBreak = false;
  let tornLine: number | undefined;
  for await (const lines of lineBatches(fileChunks(file, size))) {
    for (const line of lines) {
      const { bytes, offset, number, isWhole } = line;
      const read = tornLine === undefined ? reader.read(line) : undefined;
      if (read === undefined) {
        if (number === 1) refuseOtherFile(path, bytes);
        const isAfterTorn = tornLine !== undefined && parseEntry(bytes) !== undefined;
        if (isAfterTorn || !isTorn(line, reader.sum)) throw new JournalCorruptError(path, tornLine ?? number);
        tornLine ??= number;
        continue;
      }
      end = offset + bytes.length + (isWhole ? 1 : 0);
      lacksBreak = !isWhole;
      if ('key' in read) {
        const pending = onEntry(read, offset);
        if (pending !== undefined) await pending;
      } else refuseOtherVersion(path, read);
    }
  }
  return { end, lacksBreak, ...given({ tornLine }) };
};

const refuseOtherFile = (path: string, bytes: Buffer): void => {
  if (isTornHeader(bytes)) return;
  // Only a journal has sums: the header is damaged.
  if (statedSum(bytes) !== undefined) throw new JournalCorruptError(path, 1);
  refuse([`openJournal: ${shownPath(path)} is not a journal; choose another path, or move the file away`]);
};

/**
 * Whether a line was not finished by its writer. A file system leaves many NUL bytes; a single one may be a letter in which
 * a bit has changed. A whole line without its line break may have one in which a bit has changed.
 */
const isTorn = ({ bytes, isWhole }: Line, previous: LineSum): boolean =>
  bytes.includes('\0\0') || (!isWhole && !beginsWithLine(bytes, previous));
