import { isObject } from './is-object.ts';

/** Whether a value is a promise, native or not: an object with a `then` method. */
export const isPromise = <Value = unknown>(value: unknown): value is PromiseLike<Value> =>
  isObject(value) && 'then' in value && typeof value.then === 'function';
