import type { FileHandle } from 'node:fs/promises';
import { JournalCorruptError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { refuse } from '../../options.ts';
import { fileChunks } from './file-chunks.ts';
import { type Header, isTornHeader, readHeader } from './header.ts';
import { parseEntry } from './parse-line.ts';
import { splitLines } from './split-lines.ts';

/** The state of a journal file. */
export interface Scan {
  /** Absent if the file has no header yet. */
  readonly header?: Header;
  /** The offset after the last valid line. The bytes after it are torn. */
  readonly end: number;
  /** Whether the last valid line lacks its line break. */
  readonly lacksBreak: boolean;
  /** The number of the first torn line, if there is one. */
  readonly tornLine?: number;
}

/**
 * Reads a journal from its beginning to `size`, and passes each entry with its offset to `onEntry`.
 *
 * Torn lines are lines at the end that a process or a machine did not finish writing: a last line without a line
 * break that is not an entry, and lines with NUL bytes, which a file system leaves if the power fails before the
 * data has arrived.
 *
 * @throws {ConfigError} if the file is not a journal.
 * @throws {JournalCorruptError} if a line is not an entry and not torn.
 */
export const scanJournal = async (
  handle: FileHandle,
  path: string,
  size: number,
  onEntry: (entry: JournalEntry, position: number) => void | Promise<void>,
): Promise<Scan> => {
  let header: Header | undefined;
  let end = 0;
  let lacksBreak = false;
  let tornLine: number | undefined;
  for await (const { bytes, offset, number, isWhole } of splitLines(fileChunks(handle, size))) {
    const isFirst = number === 1;
    const read = isFirst ? readHeader(bytes) : parseEntry(bytes);
    if (read === undefined) {
      if (isFirst && !isTornHeader(bytes)) {
        refuse([`openJournal: ${path} is not a journal; choose another path, or move the file away`]);
      }
      if (isWhole && !bytes.includes(0)) throw new JournalCorruptError(path, tornLine ?? number);
      tornLine ??= number;
      continue;
    }
    if (tornLine !== undefined) throw new JournalCorruptError(path, tornLine);
    if ('key' in read) {
      // Awaited only if there is a promise: a file may have a million entries.
      const pending = onEntry(read, offset);
      if (pending !== undefined) await pending;
    } else header = read;
    end = offset + bytes.length + (isWhole ? 1 : 0);
    lacksBreak = !isWhole;
  }
  return { end, lacksBreak, ...given({ header, tornLine }) };
};
