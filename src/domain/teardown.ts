import { nameOf, readSafely } from './foreign.ts';

/** The names of what teardowns threw. For several, RxJS throws one error with the errors of all. */
export const namesOf = (error: unknown): string =>
  [readSafely(error, 'errors') ?? error].flat().map(nameOf).join(', ');

/** The warning about a teardown that threw. */
export const tornDown = (error: unknown): string => `the teardown of the model threw ${namesOf(error)}`;
