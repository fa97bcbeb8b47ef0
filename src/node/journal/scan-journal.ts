import type { FileHandle } from 'node:fs/promises';
import { JournalCorruptError } from '../../domain/errors.ts';
import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { refuse } from '../../options.ts';
import { fileChunks } from './file-chunks.ts';
import { type Header, isTornHeader, readHeader } from './header.ts';
import { readEntry } from './read-entry.ts';
import { splitLines } from './split-lines.ts';

/** What is found in a journal. */
export interface Scan {
  /** Absent in a file that has none yet. */
  readonly header?: Header;
  /** Where the last line that is one ends; what follows it is torn. */
  readonly end: number;
  /** Whether that line lacks its line break. */
  readonly lacksBreak: boolean;
  /** The number of the first torn line, where there is one. */
  readonly tornLine?: number;
}

/**
 * Reads a journal from its beginning to `size`, and tells of every entry and where it begins.
 *
 * Torn are lines at the end that a process or a machine did not finish: one without a line break that is no
 * entry, and those with NUL bytes, which file systems leave where data did not arrive before the power went.
 *
 * @throws {ConfigError} where the file is no journal.
 * @throws {JournalCorruptError} where a line is no entry, and is not torn.
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
  for await (const { bytes, offset, number, isWhole } of splitLines(fileChunks(handle, 0, size))) {
    const isFirst = number === 1;
    const read = isFirst ? readHeader(bytes) : readEntry(bytes);
    if (read === undefined) {
      if (isFirst && !isTornHeader(bytes)) refuse([`openJournal: ${path} is no journal`]);
      if (isWhole && !bytes.includes(0)) throw new JournalCorruptError(path, tornLine ?? number);
      tornLine ??= number;
      continue;
    }
    if (tornLine !== undefined) throw new JournalCorruptError(path, tornLine);
    if ('key' in read) {
      const told = onEntry(read, offset);
      if (told !== undefined) await told;
    } else header = read;
    end = offset + bytes.length + (isWhole ? 1 : 0);
    lacksBreak = !isWhole;
  }
  return {
    end,
    lacksBreak,
    ...(header !== undefined && { header }),
    ...(tornLine !== undefined && { tornLine }),
  };
};
