import type { FileHandle } from 'node:fs/promises';
import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { replaces } from '../../experiment/journal/journal-precedence.ts';
import { createKeyTable } from './key-table.ts';
import { readEntry } from './read-entry.ts';

/** Which entries of a journal count, and where they stand. Holds no entry: those are read from the file. */
export interface EntryIndex {
  /** Takes note of an entry that stands in the file. Ends at once under a key that is new. */
  note(entry: JournalEntry, position: number): void | Promise<void>;
  find(key: string): Promise<JournalEntry | undefined>;
  /** Whether the entry that stands there is the one that counts under its key. */
  counts(key: string, position: number): boolean;
  /** How many keys there are. */
  readonly count: number;
}

export const createEntryIndex = (handle: FileHandle): EntryIndex => {
  const table = createKeyTable();
  let count = 0;

  const locate = async (
    key: string,
    positions: readonly number[],
  ): Promise<{ readonly entry: JournalEntry; readonly position: number } | undefined> => {
    for (const position of positions) {
      const entry = await entryAt(handle, position);
      if (entry?.key === key) return { entry, position };
    }
    return undefined;
  };

  const add = (key: string, position: number): void => {
    table.add(key, position);
    count += 1;
  };

  const compare = async (
    entry: JournalEntry,
    position: number,
    positions: readonly number[],
  ): Promise<void> => {
    const earlier = await locate(entry.key, positions);
    if (earlier === undefined) add(entry.key, position);
    else if (replaces(entry, earlier.entry)) table.move(entry.key, earlier.position, position);
  };

  return {
    note(entry, position) {
      const positions = table.positionsOf(entry.key);
      return positions.length === 0 ? add(entry.key, position) : compare(entry, position, positions);
    },
    find: async (key) => (await locate(key, table.positionsOf(key)))?.entry,
    counts: (key, position) => table.positionsOf(key).includes(position),
    get count() {
      return count;
    },
  };
};

/** Enough for most entries; a longer one is read again, twice as long each time. */
const FIRST_READ_BYTES = 1024;
const LINE_FEED = 10;

const entryAt = async (handle: FileHandle, position: number): Promise<JournalEntry | undefined> => {
  for (let length = FIRST_READ_BYTES; ; length *= 2) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    const end = buffer.subarray(0, bytesRead).indexOf(LINE_FEED);
    if (end !== -1) return readEntry(buffer.subarray(0, end));
    // The last line of a file that is only read may have no line break.
    if (bytesRead < length) return readEntry(buffer.subarray(0, bytesRead));
  }
};
