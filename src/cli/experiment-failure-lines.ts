import {
  type CrucibleError,
  JournalCorruptError,
  JournalLockedError,
  JournalWriteError,
} from '../domain/errors.ts';
import { printable } from '../rendering/printable.ts';

/** Renders the reason why an experiment stopped early, and whether calls had been made by then. */
export const experimentFailureLines = (error: CrucibleError): string[] => {
  const message = printable(error.message, 400);
  if (error instanceof JournalWriteError) {
    return [`crucible-ensemble: ${message}`, 'No further calls were made.'];
  }
  if (error instanceof JournalCorruptError || error instanceof JournalLockedError) {
    return [`crucible-ensemble: ${message}`, 'No calls were made.'];
  }
  return [`crucible-ensemble: the experiment stopped early: ${message}`];
};
