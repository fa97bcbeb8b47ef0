import type { Model } from '../domain/model.ts';
import { type Check, suchThat } from '../options.ts';

/** Checks for a model, by its `id` and its `call`. */
export const aModel: Check = suchThat('a model, { id, call }', (value) => {
  const { id, call } = Object(value) as Partial<Model>;
  return typeof id === 'string' && typeof call === 'function';
});
