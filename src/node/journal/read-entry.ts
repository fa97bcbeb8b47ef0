import { isUtf8 } from 'node:buffer';
import { isEntry } from '../../experiment/journal/is-entry.ts';
import type { JournalEntry } from '../../experiment/journal/journal.ts';

/** What a line says, where it is JSON. Bytes that are no text are damage, even where JSON would overlook it. */
export const parseLine = (bytes: Buffer): unknown => {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
};

/** The entry that a line holds, where it is one. */
export const readEntry = (bytes: Buffer): JournalEntry | undefined => {
  const value = parseLine(bytes);
  return isEntry(value) ? value : undefined;
};
