import { ConfigError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { refuse, shown } from '../../options.ts';
import type { JournalEntry } from './journal.ts';
import { type NotPlainError, plainCopy } from './plain-copy.ts';

/** The longest line, in characters: far more than any answer, and far less than the longest string. */
const MAX_CHARACTERS = 67_108_864;

const INVALID_ENTRY =
  'append: expected { key, model, status, latencyMs }, with the response of an answered call or the error of a failed one';

/** A line of a journal, and the entry that is read from it. */
export interface EntryLine {
  /** JSON without line break. */
  readonly line: string;
  /** A copy, which does not change if the entry that was given does. */
  readonly entry: JournalEntry;
}

/**
 * Formats an entry as a line of JSON. Numbers that JSON cannot represent, such as a confidence of
 * NaN, are left out; as `null` they would be read back as values that no model returned.
 *
 * @throws {ConfigError} if the entry is invalid, or would be read back as another one.
 */
export const toLine = (given: JournalEntry): EntryLine => {
  const entry = plainEntry(given);
  if (!isEntry(entry)) throw new ConfigError([INVALID_ENTRY]);
  const line = jsonOf(entry);
  if (line !== undefined && line.length <= MAX_CHARACTERS) return { line, entry };
  throw new ConfigError([
    `append: the entry cannot be written: it has more than ${MAX_CHARACTERS} characters`,
  ]);
};

/** Returns `undefined` if the JSON would be longer than the longest string. */
const jsonOf = (copy: unknown): string | undefined => {
  try {
    return JSON.stringify(copy);
  } catch {
    return undefined;
  }
};

const plainEntry = (entry: JournalEntry): unknown => {
  try {
    return plainCopy(entry);
  } catch (error) {
    throw new ConfigError([`append: the entry cannot be written: ${(error as NotPlainError).message}`]);
  }
};

/** @throws {ConfigError} if a value is not the key of an entry. */
export const refuseOtherKey = (key: unknown): void => {
  if (typeof key !== 'string') refuse([`get: the key must be a string, but got ${shown(key)}`]);
};

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
