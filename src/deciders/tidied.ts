import { isObject } from '../domain/is-object.ts';

/** The part of a JSON Schema that the replies to deciders need. */
export interface ReplySchema {
  readonly type?: unknown;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly items?: ReplySchema;
  readonly properties?: Readonly<Record<string, ReplySchema>>;
}

/**
 * Returns a reply as it was probably meant: without fields that were not asked for and without those that are `null`; letters
 * as they were shown, if they are written as "b" or "Answer B"; a single value for a list of one; a number that is written as a
 * text; and other values for texts as text. What does not fit then is left as it is.
 */
export const tidied = (value: unknown, schema: ReplySchema): unknown => {
  if (schema.enum !== undefined) return typeof value === 'string' ? meantOf(value, schema.enum) : value;
  if (schema.type === 'array') {
    const { items = {} } = schema;
    return (Array.isArray(value) ? value : [value]).map((item) => tidied(item, items));
  }
  if (schema.type === 'object' && isObject(value) && !Array.isArray(value))
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
        const given: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
        return given === undefined || given === null ? [] : [[name, tidied(given, property)]];
      }),
    );
  if (schema.type === 'number' && typeof value === 'string' && value.trim() !== '') return Number(value);
  if (schema.type === 'string' && typeof value !== 'string') return JSON.stringify(value);
  return value;
};

const meantOf = (text: string, letters: readonly string[]): string => {
  const meant = text.replace(/^\W*(?:answer|option)?\W*|\W+$/gi, '').toUpperCase();
  return letters.includes(text) ? text : (letters.find((letter) => letter.toUpperCase() === meant) ?? text);
};
