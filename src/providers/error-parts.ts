import { isObject } from '../domain/is-object.ts';

/** An object within an error body. */
export type ErrorPart = Readonly<Record<string, unknown>>;

/** The objects and the texts of an error body. */
export interface ErrorParts {
  readonly objects: readonly ErrorPart[];
  readonly texts: readonly string[];
}

/** The fields in which servers and gateways put an error, what they know of it, or the body of the server behind them. */
const WITHIN = ['error', 'errors', 'detail', 'details', 'metadata', 'raw', 'message', 'msg', 'violations'];

const MAX_DEPTH = 6;

/**
 * The maximum number of items of a list, and the maximum number of characters of a text, that are read. The error is at the
 * beginning.
 */
const MAX_ITEMS = 16;
const MAX_CHARACTERS = 65_536;

/** Returns the objects and texts of an error body, which some servers nest, or put into lists or as JSON into texts. */
export const errorParts = (body: unknown): ErrorParts => {
  const objects: ErrorPart[] = [];
  const texts: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    if (typeof value === 'string') {
      const text = value.slice(0, MAX_CHARACTERS);
      const inner = parsed(text);
      if (inner === undefined) texts.push(text);
      else visit(inner, depth + 1);
    } else if (Array.isArray(value)) {
      for (const item of value.slice(0, MAX_ITEMS)) visit(item, depth + 1);
    } else if (isObject(value)) {
      const part = value as ErrorPart;
      objects.push(part);
      for (const name of WITHIN) visit(part[name], depth + 1);
    }
  };
  visit(body, 0);
  return { objects, texts };
};

const parsed = (text: string): unknown => {
  if (!/^\s{0,9}[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
