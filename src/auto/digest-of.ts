import { hashAtOnce } from '../domain/hash-at-once.ts';
import { isObject } from '../domain/is-object.ts';

/** Deeper values are compared by identity, and so are cycles. */
const MAX_DEPTH = 20;

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

const identityOf = (value: object): string => {
  const identity = identities.get(value) ?? ++lastIdentity;
  identities.set(value, identity);
  return `#${identity}`;
};

/** Whether an object is its enumerable members and nothing else. */
const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0
  );
};

const written = (value: unknown, depth: number): string => {
  if (typeof value === 'function') return identityOf(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (!isObject(value)) return `${typeof value} ${String(value)}`;
  if (depth === MAX_DEPTH) return identityOf(value);
  if (Array.isArray(value)) return `[${value.map((item) => written(item, depth + 1)).join()}]`;
  if (!isPlain(value)) return identityOf(value);
  const members = Object.keys(value)
    .sort()
    .flatMap((name) => {
      const member: unknown = Reflect.get(value, name);
      return member === undefined ? [] : `${JSON.stringify(name)}:${written(member, depth + 1)}`;
    });
  return `{${members.join()}}`;
};

/**
 * Returns a digest that is equal for equal values: plain data by its content, functions and other objects by their
 * identity. It shows nothing of the values, which may be keys. `undefined` if a value cannot be read, or if the platform has
 * no digest at once, as browsers.
 */
export const digestOf = (value: unknown): string | undefined => {
  try {
    return hashAtOnce()?.('sha256', written(value, 0), 'base64url');
  } catch {
    return undefined;
  }
};
