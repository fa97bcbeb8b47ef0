import { isObject } from './is-object.ts';

/** Whether a value is an iterable or async iterable object; strings are not objects. */
export const isIterable = (value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> =>
  isObject(value) && (Symbol.iterator in value || Symbol.asyncIterator in value);
