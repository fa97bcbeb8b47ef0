import {
  type CrucibleError,
  JournalCorruptError,
  JournalLockedError,
  JournalWriteError,
} from '../domain/errors.ts';
import { ModelUnavailableError } from '../experiment/model-unavailable-error.ts';
import { SpendingLimitError } from '../experiment/spending-limit-error.ts';
import { printable } from '../rendering/printable.ts';
import { describedCause } from './cause-of.ts';
import { inCommandLineWords } from './command-line-words.ts';

/** Renders the reason why an experiment stopped early, and whether calls had been made by then. */
export const experimentFailureLines = (error: CrucibleError): string[] => {
  const message = printable(inCommandLineWords(error.message), 600);
  // A damaged line may also be found during the run.
  if (error instanceof JournalWriteError || error instanceof JournalCorruptError) {
    return [`crucible-ensemble: ${message}`, 'No further calls were made.'];
  }
  if (error instanceof JournalLockedError) {
    return [`crucible-ensemble: ${message}`, 'No calls were made.'];
  }
  if (error instanceof ModelUnavailableError || error instanceof SpendingLimitError)
    return [`crucible-ensemble: ${message}`];
  const cause = describedCause(error);
  return [
    `crucible-ensemble: the experiment stopped early: ${message}`,
    ...(cause === undefined ? [] : [`Cause: ${printable(cause, 600)}`]),
  ];
};
