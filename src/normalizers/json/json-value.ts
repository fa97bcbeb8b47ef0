import type { JsonPlace } from './json-places.ts';
import { edited } from './json-tokens.ts';

/** A JSON value. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Returns the value at a place without a fault. */
export function parsedValue(text: string, { start, end, edits }: JsonPlace): JsonValue {
  const json = edits === undefined ? text.slice(start, end) : edited(text, start, end, edits);
  const value = JSON.parse(json) as JsonValue;
  if (typeof value === 'number') return value === 0 ? 0 : value;
  return loneSurrogate.test(json)
    ? (JSON.parse(JSON.stringify(value).replace(escapes, wellFormed)) as JsonValue)
    : value;
}

/** Escapes may hide the lone surrogates that `fold` replaces. Well-formed pairs are not escaped by `JSON.stringify`. */
const loneSurrogate = /\\u[dD][89a-fA-F]/;

const escapes = /\\\\|\\ud[89a-f][\da-f]{2}/g;

const wellFormed = (found: string): string => (found === '\\\\' ? found : '\\ufffd');
