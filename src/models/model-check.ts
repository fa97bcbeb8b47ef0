import { isObject } from '../domain/is-object.ts';
import { type Check, suchThat } from '../options.ts';

/** Checks for a model, by its `id` and its `call`. */
export const aModel: Check = suchThat(
  'a model, { id, call }',
  (value) =>
    isObject(value) &&
    'id' in value &&
    typeof value.id === 'string' &&
    'call' in value &&
    typeof value.call === 'function',
);
