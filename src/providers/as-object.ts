import { isObject } from '../domain/is-object.ts';

/** Returns the index of one of several items: a number, which some servers write as a text. `undefined` if it is none. */
export const asIndex = (index: unknown): number | undefined => {
  const number = typeof index === 'string' && index !== '' ? Number(index) : index;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
};

/** Returns a value from outside as an object with unknown fields. A value that is not an object has no fields. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  isObject(value) ? (value as Readonly<Record<string, unknown>>) : {};
