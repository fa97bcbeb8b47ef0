import type { JournalEntry } from './journal.ts';

/** Whether a later entry counts in place of an earlier one under its key: an answer is never lost to a failure. */
export const replaces = (
  later: Pick<JournalEntry, 'status'>,
  earlier: Pick<JournalEntry, 'status'>,
): boolean => later.status === 'answered' || earlier.status === 'failed';
