import { isUtf8 } from 'node:buffer';
import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { isEntry } from '../../experiment/journal/journal-line.ts';

/**
 * Parses the JSON of a line, and of what is missing at its end; `undefined` if it is not JSON, or not UTF-8 (which `JSON.parse`
 * would not notice).
 */
export const parseLine = (bytes: Buffer, end = ''): unknown => {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString() + end);
  } catch {
    return undefined;
  }
};

/** Parses the journal entry of a line; `undefined` if the line is not an entry. */
export const parseEntry = (bytes: Buffer, end = ''): JournalEntry | undefined => {
  const value = parseLine(bytes, end);
  return isEntry(value) ? value : undefined;
};
