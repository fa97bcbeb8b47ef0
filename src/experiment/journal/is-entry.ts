import type { JournalEntry } from './journal.ts';

/** Whether this can be written to a journal and read back as the same entry. */
export const isEntry = (value: unknown): value is JournalEntry =>
  isObject(value) &&
  typeof value.key === 'string' &&
  typeof value.model === 'string' &&
  Number.isFinite(value.latencyMs) &&
  (value.status === 'answered'
    ? isObject(value.response) && typeof value.response.text === 'string'
    : value.status === 'failed' && isObject(value.error) && typeof value.error.name === 'string');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
