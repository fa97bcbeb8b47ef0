import { isObject } from '../../domain/is-object.ts';
import { refuse } from '../../options.ts';
import type { JournalEntry } from './journal.ts';

/**
 * Formats an entry as a line of JSON, without line break. Numbers that JSON cannot represent, such as a confidence of
 * NaN, are left out; as `null` they would be read back as values that no model returned.
 *
 * @throws {ConfigError} if the entry is invalid: it could not be read back, and the journal would be corrupt.
 */
export const toLine = (entry: JournalEntry): string => {
  if (!isEntry(entry)) {
    refuse([
      'append: expected { key, model, status, latencyMs }, with the response of an answered call or the error of a failed one',
    ]);
  }
  const line = JSON.stringify(entry);
  // A replacer makes writing several times slower and is rarely needed.
  return line.includes(':null') ? JSON.stringify(entry, leaveOutNonFinite) : line;
};

const leaveOutNonFinite = (_name: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? undefined : value;

/** Whether a value can be written to a journal and read back as the same entry. */
export const isEntry = (value: unknown): value is JournalEntry =>
  isRecord(value) &&
  typeof value.key === 'string' &&
  typeof value.model === 'string' &&
  Number.isFinite(value.latencyMs) &&
  (value.status === 'answered'
    ? isRecord(value.response) && typeof value.response.text === 'string'
    : value.status === 'failed' && isRecord(value.error) && typeof value.error.name === 'string');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => isObject(value);
