/**
 * The key under which an answer is counted: equal answers have equal keys.
 *
 * A string is its own key; numbers, booleans and bigints are written out (0 and -0 alike), so `'4'` and `4`
 * are the same vote; everything else is JSON with the keys of objects sorted, `toJSON` respected, and what JSON
 * leaves out left out. Keys are compared as names only: count them in a `Map`.
 *
 * @throws TypeError for what has no JSON of its own: a cycle, a function, a symbol, a `Map` or a `Set`.
 *
 * @example
 * ```ts
 * answerKey({ b: 1, a: [0, -0] }); // '{"a":[0,0],"b":1}'
 * ```
 */
export function answerKey(answer: unknown): string {
  switch (typeof answer) {
    case 'string':
      return answer;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(answer);
    default:
      return canonicalJson(answer);
  }
}

/** What is still to be written: text as it is, or a value; `leaves` closes an object that was being written. */
type Task =
  | { readonly text: string; readonly leaves?: object }
  | { readonly value: unknown; readonly key: string };

/** Iterative, so that the depth of an answer costs memory and not the call stack. */
function canonicalJson(answer: unknown): string {
  let json = '';
  const open = new Set<object>();
  const tasks: Task[] = [{ value: answer, key: '' }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if ('text' in task) {
      json += task.text;
      if (task.leaves !== undefined) open.delete(task.leaves);
      continue;
    }
    const value = plain(task.value, task.key);
    const scalar = scalarJson(value);
    if (scalar !== undefined) {
      json += scalar;
      continue;
    }
    if (!isObject(value))
      throw new TypeError(`answerKey: an answer must be JSON-like, got a ${typeof value}`);
    if (open.has(value))
      throw new TypeError('answerKey: an answer must be JSON-like, got one that contains itself');
    open.add(value);
    if (Array.isArray(value)) writeArray(value, tasks);
    else writeObject(value, tasks);
  }
  return json;
}

/** A value as JSON sees it: what its `toJSON` returns, and the primitive in a wrapper object. */
function plain(value: unknown, key: string): unknown {
  if (!isObject(value)) return value;
  const toJSON: unknown = Reflect.get(value, 'toJSON');
  const own: unknown = typeof toJSON === 'function' ? Reflect.apply(toJSON, value, [key]) : value;
  return own instanceof Number || own instanceof String || own instanceof Boolean ? own.valueOf() : own;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function scalarJson(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    // Unlike JSON, which writes `null` for them: NaN and infinity are not the same answer as null.
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return value === null ? 'null' : undefined;
  }
}

const isLeftOut = (value: unknown): boolean =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';

/** Tasks are taken from the end, so they are put there last first. */
function writeArray(value: readonly unknown[], tasks: Task[]): void {
  tasks.push({ text: ']', leaves: value });
  for (let index = value.length - 1; index >= 0; index--) {
    const item: unknown = value[index];
    tasks.push({ value: isLeftOut(item) ? null : item, key: String(index) });
    if (index > 0) tasks.push({ text: ',' });
  }
  tasks.push({ text: '[' });
}

function writeObject(value: object, tasks: Task[]): void {
  if (value instanceof Map || value instanceof Set)
    throw new TypeError(
      `answerKey: an answer must be JSON-like, got a ${value instanceof Map ? 'Map' : 'Set'}`,
    );
  const entries: [string, unknown][] = [];
  for (const [key, held] of Object.entries(value)) {
    const entry: unknown = plain(held, key);
    if (!isLeftOut(entry)) entries.push([key, entry]);
  }
  entries.sort(([a], [b]) => (a < b ? 1 : -1));
  tasks.push({ text: '}', leaves: value });
  entries.forEach(([key, entry], index) => {
    tasks.push({ value: entry, key });
    tasks.push({ text: `${index < entries.length - 1 ? ',' : ''}${JSON.stringify(key)}:` });
  });
  tasks.push({ text: '{' });
}
