import { readSafely } from '../domain/foreign.ts';
import { type Check, suchThat } from '../options.ts';

/** Checks for a model, by its `id` and its `call`. */
export const aModel: Check = suchThat('a model, { id, call }', (value) => {
  const id = readSafely(value, 'id');
  return typeof id === 'string' && id !== '' && typeof readSafely(value, 'call') === 'function';
});
