import { UnsubscriptionError } from 'rxjs';
import { isA, nameOf } from './foreign.ts';

/** The names of what teardowns threw. For several, RxJS throws one error with the errors of all. */
export const namesOf = (error: unknown): string => {
  const errors: unknown[] = isA(error, UnsubscriptionError) ? error.errors : [error];
  return errors.map(nameOf).join(', ');
};

/** The warning about a teardown that threw. */
export const tornDown = (error: unknown): string => `the teardown of the model threw ${namesOf(error)}`;
