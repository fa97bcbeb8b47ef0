import { isEntry } from '../../experiment/journal/is-entry.ts';
import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { parseLine } from './parse-line.ts';

/** Parses the entry of a line; `undefined` if the line is not an entry. */
export const readEntry = (bytes: Buffer): JournalEntry | undefined => {
  const value = parseLine(bytes);
  return isEntry(value) ? value : undefined;
};
