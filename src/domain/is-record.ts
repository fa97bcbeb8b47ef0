import { isArray } from './foreign.ts';
import { isObject } from './is-object.ts';

/** Whether a value is an object with names and values, not an array. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && !isArray(value);
