import type { Observable } from 'rxjs';
import { isA, nameOf, readSafely } from '../domain/foreign.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import type { ServedEvent } from '../server/served-event.ts';
import type { CommandContext } from './cli-context.ts';

/** How many places of a stack are reported. */
const MOST_PLACES = 4;

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

/** An error by its name, its code and its place. Its message is not repeated: it may hold a key or an answer. */
const causeOf = (error: unknown): string => {
  if (isA(error, UserCodeError)) return `${error.message}${at(error.cause)}`;
  const code = readSafely(error, 'code');
  return `${nameOf(error)}${typeof code === 'string' && /^[A-Z_]+$/.test(code) ? ` ${code}` : ''}${at(error)}`;
};

const at = (error: unknown): string => {
  const stack = readSafely(error, 'stack');
  const places = typeof stack === 'string' ? (stack.match(/^ {4}at .*$/gm) ?? []) : [];
  return places
    .slice(0, MOST_PLACES)
    .map((place) => `\n${place}`)
    .join('');
};
