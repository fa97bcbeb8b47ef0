import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { replaces } from '../../experiment/journal/journal.ts';
import { createKeyTable } from './key-table.ts';

/** The current entry of each key, as its offset in the file. The entries themselves are read from the file. */
export interface EntryIndex {
  /** Adds an entry of the file. Returns a promise only if the key is known already. */
  add(entry: JournalEntry, position: number): void | Promise<void>;
  find(key: string): Promise<JournalEntry | undefined>;
  /** Whether the entry at this offset is the current one of its key. */
  isCurrent(key: string, position: number): boolean;
  /** The number of keys. */
  readonly count: number;
}

/** Returns an empty index of the entries of a file; `entryAt` reads one of them. */
export const createEntryIndex = (entryAt: (position: number) => Promise<JournalEntry>): EntryIndex => {
  const table = createKeyTable();
  let count = 0;

  const locate = async (
    key: string,
    positions: readonly number[],
  ): Promise<{ readonly entry: JournalEntry; readonly position: number } | undefined> => {
    for (const position of positions) {
      const entry = await entryAt(position);
      if (entry.key === key) return { entry, position };
    }
    return undefined;
  };

  const addKey = (key: string, position: number): void => {
    table.add(key, position);
    count += 1;
  };

  const compare = async (
    entry: JournalEntry,
    position: number,
    positions: readonly number[],
  ): Promise<void> => {
    const earlier = await locate(entry.key, positions);
    if (earlier === undefined) addKey(entry.key, position);
    else if (replaces(entry, earlier.entry)) table.move(entry.key, earlier.position, position);
  };

  return {
    add(entry, position) {
      const positions = table.positionsOf(entry.key);
      return positions.length === 0 ? addKey(entry.key, position) : compare(entry, position, positions);
    },
    find: async (key) => (await locate(key, table.positionsOf(key)))?.entry,
    isCurrent: (key, position) => table.positionsOf(key).includes(position),
    get count() {
      return count;
    },
  };
};
