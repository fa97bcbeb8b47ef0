import type { Observable } from 'rxjs';
import { CrucibleError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import type { ServedEvent } from '../server/served-event.ts';
import { describedCause, describedFault } from './cause-of.ts';
import type { CommandContext } from './cli-context.ts';

/**
 * Reports what no client receives: the cause of a status 500, and an account that could not be kept. Ends with the
 * process.
 */
export const reportFaults = (
  events$: Observable<ServedEvent>,
  errors: Pick<CommandContext['errors'], 'print'>,
): void => {
  events$.subscribe((event) => {
    if (event.type === 'fault')
      errors.print(`${event.served.id}: the account of a prediction is not kept: ${causeOf(event.error)}`);
    const failure = event.type === 'end' || event.type === 'refusal' ? event.failure : undefined;
    if (failure?.status !== 500 || !('error' in event)) return;
    const id = event.type === 'refusal' ? event.id : event.served.id;
    errors.print(`${id}: status 500: ${causeOf(event.error)}`);
  });
};

/** An error of the library has a message for its reader, and may have a cause in the code of the owner. */
const causeOf = (error: unknown): string => {
  if (!isA(error, CrucibleError)) return describedFault(error);
  const cause = describedCause(error);
  return cause === undefined ? error.message : `${error.message}: ${cause}`;
};
