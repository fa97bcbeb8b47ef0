import { internal } from '../../domain/internal.ts';
import { isObject } from '../../domain/is-object.ts';

/** The deepest nesting of a copy; a value that contains itself has no end. */
const MAX_DEPTH = 100;

/** A value that JSON would change or cannot write. The message says where it is, and never what it is. */
export class NotPlainError extends Error {
  override readonly name = 'NotPlainError';

  constructor(path: string, reason: string) {
    super(`${path === '' ? 'it' : path.slice(0, 200)} ${reason}`);
  }
}

/**
 * Copies data that JSON reads back as the same value. What is copied cannot change or throw any more, as properties of
 * the original may. Members that are `undefined`, and those that are no finite number, are left out.
 *
 * @throws {NotPlainError} for any other value that JSON does not write as it is: a BigInt, a function, a symbol, an
 *   instance of a class such as a Date, −0, an array with holes, nesting without end, or a property that throws.
 */
export const plainCopy = (value: unknown): unknown => copied(value, '', 0);

const copied = (value: unknown, path: string, depth: number): unknown => {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return copiedNumber(value, path);
  if (!isObject(value)) throw new NotPlainError(path, `is ${kinds[typeof value]}`);
  if (depth === MAX_DEPTH) throw new NotPlainError(path, 'contains itself, or is nested too deeply');
  try {
    return Array.isArray(value) ? copiedArray(value, path, depth) : copiedObject(value, path, depth);
  } catch (error) {
    if (error instanceof NotPlainError) throw error;
    throw new NotPlainError(path, 'throws when it is read');
  }
};

const kinds: Readonly<Record<string, string>> = {
  bigint: 'a BigInt',
  function: 'a function',
  symbol: 'a symbol',
  undefined: 'undefined',
};

const copiedNumber = (value: number, path: string): number => {
  if (!Number.isFinite(value)) throw new NotPlainError(path, 'is not a finite number');
  if (Object.is(value, -0)) throw new NotPlainError(path, 'is −0, which JSON writes as 0');
  return value;
};

const copiedArray = (values: readonly unknown[], path: string, depth: number): unknown[] => {
  if (Reflect.ownKeys(values).length !== values.length + 1) {
    throw new NotPlainError(path, 'is an array with holes or properties');
  }
  return values.map((value, index) => copied(value, `${path}[${index}]`, depth + 1));
};

const copiedObject = (value: object, path: string, depth: number): object => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm has another Object.prototype, which has no prototype either.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new NotPlainError(path, 'is an instance of a class');
  }
  // Without a prototype, so that a member named __proto__ is a member.
  const copy: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value)) {
    const member: unknown = Reflect.get(value, name);
    if (member === undefined || isLeftOut(member)) continue;
    copy[name] = copied(member, path === '' ? name : `${path}.${name}`, depth + 1);
  }
  // What a provider reported is true at that moment only.
  if (Object.getOwnPropertySymbols(value).some((name) => name !== internal)) {
    throw new NotPlainError(path, 'has a member whose name is a symbol');
  }
  return copy;
};

const isLeftOut = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);
