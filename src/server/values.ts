import { isObject } from '../domain/is-object.ts';
import type { JsonObject } from './dialect.ts';
import { badRequest } from './request-refusal.ts';

/** An object of a request; an empty one in place of any other value. */
export const objectIn = (value: unknown): JsonObject =>
  isObject(value) && !Array.isArray(value) ? (value as JsonObject) : {};

/** A list of a request; an empty one if it is absent. */
export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** @throws {RequestRefusal} if a value is not an object. */
export const objectAt = (value: unknown, param: string): JsonObject => {
  if (isObject(value) && !Array.isArray(value)) return value as JsonObject;
  throw badRequest(`${param}: expected an object`, param);
};

/** @throws {RequestRefusal} if a value is not a text. */
export const textAt = (value: unknown, param: string): string => {
  if (typeof value === 'string') return value;
  throw badRequest(`${param}: expected a string`, param);
};

/**
 * The texts of a content that may have no other parts, with an empty line between them.
 *
 * @throws {RequestRefusal} for any other part.
 */
export const textsAt = (
  content: unknown,
  param: string,
  read: (part: JsonObject, param: string) => string,
): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw badRequest(`${param}: expected a string or a list of parts`, param);
  return content
    .map((part, index) => read(objectIn(part), `${param}[${index}]`))
    .filter((text) => text !== '')
    .join('\n\n');
};
