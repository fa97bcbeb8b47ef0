import { isObject } from './is-object.ts';

/** The deepest nesting of arrays and objects in an answer. The normalizers of this library stop at 200. */
const MAX_DEPTH = 500;

/**
 * Returns the key under which an answer is counted: equal answers have equal keys.
 *
 * A string is its own key. Numbers, booleans and bigints are written out (0 and -0 alike), so `'4'` and `4` are the
 * same vote. Everything else is JSON with sorted keys: `toJSON` is called, and what JSON omits is omitted. Unlike in
 * JSON, NaN and infinity are not `null`. Count keys in a `Map`; they are not meant to be parsed.
 *
 * @throws TypeError if the answer has no JSON (a cycle, a function, a symbol, a `Map`, a `Set`), or is nested deeper
 * than 500.
 *
 * @example
 * ```ts
 * answerKey({ b: 1, a: [0, -0] }); // '{"a":[0,0],"b":1}'
 * ```
 */
export function answerKey(answer: unknown): string {
  if (typeof answer === 'string') return answer;
  return isScalar(answer) ? String(answer) : sortedJson(plain(answer, ''), new Set());
}

/** Returns the JSON of a value inside `open`, the objects that contain it. */
function sortedJson(value: unknown, open: Set<object>): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isScalar(value)) return String(value);
  if (!isObject(value) || value instanceof Map || value instanceof Set) throw notJson(kindOf(value));
  if (open.has(value)) throw notJson('one that contains itself');
  if (open.size === MAX_DEPTH) throw notJson(`one nested deeper than ${MAX_DEPTH}`);
  open.add(value);
  const json = Array.isArray(value)
    ? `[${Array.from(value, (item: unknown, index) => (isOmitted(item) ? 'null' : sortedJson(plain(item, String(index)), open))).join(',')}]`
    : `{${membersOf(value, open).join(',')}}`;
  open.delete(value);
  return json;
}

const membersOf = (object: object, open: Set<object>): readonly string[] =>
  Object.keys(object)
    .sort()
    .flatMap((key) => {
      const value = plain(Reflect.get(object, key), key);
      return isOmitted(value) ? [] : [`${JSON.stringify(key)}:${sortedJson(value, open)}`];
    });

/** Returns a value as JSON sees it: the result of its `toJSON`, and the primitive in a wrapper object. */
function plain(value: unknown, key: string): unknown {
  if (!isObject(value)) return value;
  const toJSON: unknown = Reflect.get(value, 'toJSON');
  const own: unknown = typeof toJSON === 'function' ? Reflect.apply(toJSON, value, [key]) : value;
  return own instanceof Number || own instanceof String || own instanceof Boolean ? own.valueOf() : own;
}

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';

const isOmitted = (value: unknown): boolean =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';

const kindOf = (value: unknown): string => {
  if (value === undefined) return 'undefined';
  return `a ${value instanceof Map ? 'Map' : value instanceof Set ? 'Set' : typeof value}`;
};

const notJson = (kind: string): TypeError =>
  new TypeError(
    `answerKey: an answer must be text, a number, a boolean, an array or a plain object, got ${kind}`,
  );
