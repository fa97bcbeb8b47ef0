import { isObject } from '../domain/is-object.ts';

/** Returns an own field of a JSON value from outside; `undefined` if the value is not an object or lacks the field. */
export const fieldOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
