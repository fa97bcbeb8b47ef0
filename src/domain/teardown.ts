import { UnsubscriptionError } from 'rxjs';
import { isA, nameOf } from './foreign.ts';

/** The warning about a teardown that threw. For several teardowns, RxJS throws one error with all of theirs. */
export const tornDown = (error: unknown): string => {
  const errors: unknown[] = isA(error, UnsubscriptionError) ? error.errors : [error];
  return `the teardown of the model threw ${errors.map(nameOf).join(', ')}`;
};
