import type { JournalEntry } from './journal.ts';

/** Whether a later entry replaces an earlier one with the same key: a failed call never replaces an answered one. */
export const replaces = (
  later: Pick<JournalEntry, 'status'>,
  earlier: Pick<JournalEntry, 'status'>,
): boolean => later.status === 'answered' || earlier.status === 'failed';
