import { isObject } from '../domain/is-object.ts';

/** Returns a value from outside as an object with unknown fields. A value that is not an object has no fields. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  isObject(value) ? (value as Readonly<Record<string, unknown>>) : {};
