import { refuse } from '../../options.ts';
import { isEntry } from './is-entry.ts';
import type { JournalEntry } from './journal.ts';

/**
 * An entry as a line of JSON, without its line break. A number that JSON has no word for, such as a
 * confidence of NaN, is left out: as `null` it would come back as something that no model said.
 *
 * @throws {ConfigError} for what would not be read back: a line that is no entry makes the journal a damaged one.
 */
export const toLine = (entry: JournalEntry): string => {
  if (!isEntry(entry)) {
    refuse([
      'append: expected { key, model, status, latencyMs }, with the response of an answered call or the error of a failed one',
    ]);
  }
  const line = JSON.stringify(entry);
  // A replacer makes writing several times as slow, and is hardly ever needed.
  return line.includes(':null') ? JSON.stringify(entry, leaveOutNonFinite) : line;
};

const leaveOutNonFinite = (_name: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
