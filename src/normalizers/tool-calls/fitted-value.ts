import { isPlain } from '../../domain/answer-key.ts';
import { isObject } from '../../domain/is-object.ts';
import { setOwn } from '../../domain/record.ts';
import type { JsonValue } from '../json/json-value.ts';

/** What may still be read of an answer: values, and characters of texts. Arguments may be endless, or share their parts. */
export interface Room {
  left: number;
}

/** The deepest nesting of arguments. */
const MAX_DEPTH = 200;

/**
 * Returns a copy of a value, brought to its schema where that has exactly one reading of it. `undefined` if the value is no
 * JSON, or too large or too deep to be read. Takes time in proportion to the value.
 *
 * @throws what a getter of the value throws.
 */
export const fitted = (value: unknown, schema: unknown, room: Room, depth = 0): JsonValue | undefined => {
  room.left -= typeof value === 'string' ? value.length + 1 : 1;
  if (room.left < 0 || depth > MAX_DEPTH) return undefined;
  const typed = ofEnum(ofType(value, schema), member(schema, 'enum'));
  if (typeof typed === 'number') return Number.isFinite(typed) ? typed : undefined;
  if (typed === null || typeof typed === 'string' || typeof typed === 'boolean') return typed;
  if (Array.isArray(typed)) return fittedItems(typed, member(schema, 'items'), room, depth);
  if (!isObject(typed) || !isPlain(typed)) return undefined;
  const properties = member(schema, 'properties');
  const copy: Record<string, JsonValue> = {};
  for (const name of Object.keys(typed)) {
    const given: unknown = Reflect.get(typed, name);
    // As in JSON.
    if (given === undefined) continue;
    room.left -= name.length;
    const part = fitted(given, member(properties, name), room, depth + 1);
    if (part === undefined) return undefined;
    setOwn(copy, name, part);
  }
  return copy;
};

const fittedItems = (
  items: readonly unknown[],
  schema: unknown,
  room: Room,
  depth: number,
): JsonValue[] | undefined => {
  // An array may have a length and no items.
  if (items.length > room.left) return undefined;
  const copy: JsonValue[] = [];
  for (const item of items) {
    const part = fitted(item, schema, room, depth + 1);
    if (part === undefined) return undefined;
    copy.push(part);
  }
  return copy;
};

/** Returns a member of a schema, which is plain data; `undefined` if it has none of its own. */
export const member = (schema: unknown, name: string): unknown =>
  isObject(schema) && Object.hasOwn(schema, name) ? Reflect.get(schema, name) : undefined;

/** The types that a schema allows; none if it does not say. */
export const typesOf = (schema: unknown): readonly unknown[] => {
  const type = member(schema, 'type');
  return type === undefined ? [] : [type].flat();
};

const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Brings a value to the only type that its schema allows, if it has exactly one reading as that type. */
const ofType = (value: unknown, schema: unknown): unknown => {
  const [type, ...others] = typesOf(schema);
  if (type === undefined || others.length > 0) return value;
  if (typeof value === 'string') return type === 'string' ? value : ofText(value, value.trim(), type);
  const isPrimitive = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
  return type === 'string' && isPrimitive ? String(value) : value;
};

const ofText = (text: string, trimmed: string, type: unknown): unknown => {
  if ((type === 'number' || type === 'integer') && NUMBER.test(trimmed)) {
    const number = Number(trimmed);
    const isExact = type === 'number' ? Number.isFinite(number) : Number.isSafeInteger(number);
    return isExact ? number : text;
  }
  if (type === 'boolean' && /^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  if ((type === 'array' && trimmed.startsWith('[')) || (type === 'object' && trimmed.startsWith('{')))
    return parsed(trimmed) ?? text;
  return text;
};

/** Returns the value of a text of JSON; `undefined` for any other text. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The texts of an `enum`, and the only one of each spelling without case and blanks around. */
interface Spellings {
  readonly exact: ReadonlySet<unknown>;
  readonly folded: ReadonlyMap<string, string | undefined>;
}

/** By the `enum`, because the items of an array may all be looked up in it. */
const spellings = new WeakMap<object, Spellings>();

const spellingsOf = (members: readonly unknown[]): Spellings => {
  const known = spellings.get(members);
  if (known !== undefined) return known;
  const folded = new Map<string, string | undefined>();
  for (const each of members) {
    if (typeof each === 'string')
      folded.set(foldedText(each), folded.has(foldedText(each)) ? undefined : each);
  }
  const made = { exact: new Set(members), folded };
  spellings.set(members, made);
  return made;
};

const foldedText = (text: string): string => text.trim().toLowerCase();

/** Brings a text to the only member of an `enum` that it fits. */
const ofEnum = (value: unknown, members: unknown): unknown => {
  if (typeof value !== 'string' || !Array.isArray(members)) return value;
  const { exact, folded } = spellingsOf(members);
  return exact.has(value) ? value : (folded.get(foldedText(value)) ?? value);
};
