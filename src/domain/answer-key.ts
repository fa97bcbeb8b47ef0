import { formOf } from './answer-form.ts';
import { isA } from './foreign.ts';
import { isObject } from './is-object.ts';

/** The deepest nesting of arrays and objects in an answer. The normalizers of this library stop at 200. */
const MAX_DEPTH = 500;

/**
 * Returns the key under which an answer is counted: equal answers have equal keys, different answers have different ones.
 *
 * A string is its own key. Numbers, booleans and bigints are written out (0 and -0 alike), so `'4'` and `4` are the same
 * vote. Arrays and plain objects are JSON with sorted keys: `toJSON` is called, and what JSON omits is omitted. Unlike in
 * JSON, infinity is not `null`. Count keys in a `Map`; they are not meant to be parsed. The answers of `toolCalls` have
 * keys of their own, in which spellings of the same calls are alike. So has an object with a `text` whose `toJSON` returns a
 * string, such as an answer of `math`: this string.
 *
 * @throws TypeError if an answer, or a value in it, has no such form: NaN, an invalid `Date`, a promise, an object with only
 * methods, a cycle, a function, a symbol, or an instance of a class without `toJSON`, such as a `Map`, because its fields
 * may be private. Also if it is nested deeper than 500.
 *
 * @example
 * ```ts
 * import { answerKey } from 'crucible-ensemble';
 *
 * answerKey({ b: 1, a: [0, -0] }); // '{"a":[0,0],"b":1}'
 * ```
 */
export function answerKey(answer: unknown): string {
  return typeof answer === 'string' ? answer : (formOf(answer)?.key ?? writtenOf(answer).key);
}

/**
 * Returns an answer as it is printed: a string as it is, an object with a key of its own as its `text`, anything else as JSON
 * with sorted keys.
 *
 * @throws TypeError as {@link answerKey} does.
 */
export function answerText(answer: unknown): string {
  return typeof answer === 'string' ? answer : writtenOf(answer).text;
}

/** Returns the key and the text of an answer that is no string. */
function writtenOf(answer: unknown): { readonly key: string; readonly text: string } {
  try {
    const value = plain(answer, '');
    const text: unknown =
      typeof value === 'string' && isObject(answer) ? Reflect.get(answer, 'text') : undefined;
    if (typeof value === 'string' && typeof text === 'string') return { key: value, text };
    const json = sortedJson(value);
    return { key: json, text: json };
  } catch (error) {
    throw isA(error, TypeError) ? error : notJson('a value that cannot be read');
  }
}

/** Returns the JSON of a value inside the objects `around` it. An answer that is no object needs no set of them. */
function sortedJson(value: unknown, around?: Set<object>): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isScalar(value)) return String(value);
  if (!isObject(value) || !(Array.isArray(value) || isPlain(value))) throw notJson(kindOf(value));
  const open = around ?? new Set<object>();
  if (open.has(value)) throw notJson('one that contains itself');
  if (open.size === MAX_DEPTH) throw notJson(`one nested deeper than ${MAX_DEPTH}`);
  open.add(value);
  const json = Array.isArray(value)
    ? `[${Array.from(value, (item: unknown, index) => (item === undefined ? 'null' : sortedJson(plain(item, String(index)), open))).join(',')}]`
    : `{${membersOf(value, open).join(',')}}`;
  open.delete(value);
  return json;
}

const membersOf = (object: object, open: Set<object>): readonly string[] => {
  const values = Object.keys(object)
    .sort()
    .map((key) => [key, plain(Reflect.get(object, key), key)] as const);
  const members = values.filter(([, value]) => !isOmitted(value));
  if (members.length === 0 && values.some(([, value]) => value !== undefined))
    throw notJson('an object with only methods');
  return members.map(([key, value]) => `${JSON.stringify(key)}:${sortedJson(value, open)}`);
};

/** Returns a value as JSON sees it: the result of its `toJSON`, and the primitive in a wrapper object. */
function plain(value: unknown, key: string): unknown {
  if (!isObject(value)) return value;
  const toJSON: unknown = Reflect.get(value, 'toJSON');
  if (typeof toJSON !== 'function') return unwrapped(value);
  const own: unknown = Reflect.apply(toJSON, value, [key]);
  // All invalid dates have this JSON.
  if (own === null) throw notJson('a value whose JSON is null, such as an invalid Date');
  return unwrapped(own);
}

const unwrapped = (value: unknown): unknown =>
  value instanceof Number || value instanceof String || value instanceof Boolean ? value.valueOf() : value;

const isScalar = (value: unknown): boolean =>
  value === null ||
  (typeof value === 'number' && !Number.isNaN(value)) ||
  typeof value === 'boolean' ||
  typeof value === 'bigint';

const isOmitted = (value: unknown): boolean =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';

/** Whether all of an object can be seen: it has no class. Its `Object` may be that of another realm. */
export const isPlain = (value: object): boolean => {
  const prototype: object | null = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
  );
};

const kindOf = (value: unknown): string => {
  if (!isObject(value))
    return value === undefined || Number.isNaN(value) ? String(value) : `a ${typeof value}`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === 'Object' ? 'an instance of a class without toJSON' : `a ${tag}`;
};

const notJson = (kind: string): TypeError =>
  new TypeError(
    `answerKey: an answer must be text, a number, a boolean, an array or a plain object, got ${kind}`,
  );
