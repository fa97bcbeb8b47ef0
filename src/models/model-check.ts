import { isObject } from '../domain/is-object.ts';
import { type Check, suchThat } from '../options.ts';

/** Checks for a model, by its `id` and its `call`. */
export const aModel: Check = suchThat(
  'a model with "id" and "call"',
  (value) => isObject(value) && 'id' in value && 'call' in value && typeof value.call === 'function',
);
