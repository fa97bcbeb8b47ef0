import { JournalCorruptError } from '../../domain/errors.ts';
import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { fileChunks } from './file-chunks.ts';
import type { JournalFile } from './journal-system.ts';
import { CLOSING_BRACE, checkedLine, SUM_BYTES, statedSum } from './line-sum.ts';
import { parseEntry } from './parse-line.ts';
import { splitLines } from './split-lines.ts';

/** The size of the first read; enough for most entries. It doubles until the whole entry is read. */
const FIRST_READ_BYTES = 1024;
const LINE_FEED = 10;

/** The bytes of the line before that are read with an entry: its sum and its line break. */
const BEFORE_BYTES = SUM_BYTES + 1;

/**
 * Reads the entry at an offset again, and checks its sum unless it has none.
 *
 * @throws {JournalCorruptError} if the file has changed since the entry was found there or written.
 */
export const readEntry = async (
  file: JournalFile,
  path: string,
  position: number,
  hasSum: boolean,
): Promise<JournalEntry> => {
  const before = hasSum ? BEFORE_BYTES : 0;
  const bytes = await lineAt(file, position - before, before);
  const entry = hasSum ? checkedEntry(bytes) : parseEntry(bytes);
  if (entry === undefined) throw new JournalCorruptError(path, await lineNumberAt(file, position));
  return entry;
};

const checkedEntry = (bytes: Buffer): JournalEntry | undefined => {
  const previous = statedSum(bytes.subarray(0, SUM_BYTES));
  if (previous === undefined || bytes[SUM_BYTES] !== LINE_FEED) return undefined;
  const checked = checkedLine(bytes.subarray(BEFORE_BYTES), previous);
  return checked === undefined ? undefined : parseEntry(checked.content, CLOSING_BRACE);
};

/** Reads from an offset to the end of the line that begins `before` bytes later. */
const lineAt = async (file: JournalFile, position: number, before: number): Promise<Buffer> => {
  let buffer = Buffer.allocUnsafe(FIRST_READ_BYTES);
  for (let filled = 0; ; ) {
    const count = await file.read(buffer.subarray(filled), position + filled);
    filled += count;
    const end = buffer.subarray(0, filled).indexOf(LINE_FEED, before);
    if (end !== -1) return buffer.subarray(0, end);
    // The last line of a read-only file may have no line break.
    if (count === 0) return buffer.subarray(0, filled);
    if (filled === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(filled)]);
  }
};

const lineNumberAt = async (file: JournalFile, position: number): Promise<number> => {
  let number = 1;
  for await (const { isWhole } of splitLines(fileChunks(file, position))) if (isWhole) number += 1;
  return number;
};
