import { readSafely } from './foreign.ts';
import { isObject } from './is-object.ts';

/** Whether a value is an iterable or async iterable object; strings are not objects. */
export const isIterable = (value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> =>
  [Symbol.iterator, Symbol.asyncIterator].some(
    (name) => isObject(value) && readSafely(value, name) !== undefined,
  );
