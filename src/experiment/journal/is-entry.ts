import { isObject } from '../../domain/is-object.ts';
import type { JournalEntry } from './journal.ts';

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
