import {
  type CrucibleError,
  JournalCorruptError,
  JournalLockedError,
  JournalWriteError,
} from '../domain/errors.ts';
import { printable } from '../rendering/printable.ts';

/** Why an experiment has ended early, and what was asked. */
export const experimentFailureLines = (error: CrucibleError): string[] => {
  const message = printable(error.message, 400);
  if (error instanceof JournalWriteError) return [`crucible-ensemble: ${message}`, 'Nothing more was asked.'];
  if (error instanceof JournalCorruptError || error instanceof JournalLockedError) {
    return [`crucible-ensemble: ${message}`, 'Nothing was asked.'];
  }
  return [`crucible-ensemble: the experiment has ended early: ${message}`];
};
