import {
  COLON,
  COMMA,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
} from '../reading/character-codes.ts';
import { oneOf } from '../reading/characters.ts';
import { endOfMatch } from '../reading/sticky.ts';
import { type Edit, edited, opensString, skipBlanks, skipScalar, skipString } from './json-tokens.ts';

/** The deepest nesting of arrays and objects that is read as JSON. */
export const MAX_JSON_DEPTH = 200;

/** What a bracket of a text turns out to be, and where it ends. */
export type JsonScan =
  /** A whole value. Without `edits` it is strict JSON; with them it is once they are applied. */
  | { readonly outcome: 'whole'; readonly end: number; readonly edits?: readonly Edit[] }
  /** A value with a fault at `end`; the text of the value may continue. */
  | { readonly outcome: 'broken'; readonly end: number; readonly fault: string }
  /** A value without its end. */
  | { readonly outcome: 'cut'; readonly end: number }
  /** A value deeper than {@link MAX_JSON_DEPTH}. */
  | { readonly outcome: 'deep'; readonly end: number }
  /** A bracket of prose. */
  | { readonly outcome: 'prose'; readonly end: number };

/** The closing bracket of each open one. Used again by every scan: a text may have thousands of values. */
const closers = new Uint16Array(MAX_JSON_DEPTH);

/** The keys of each open object: none yet, one, or several. */
const keys: (string | Set<string> | undefined)[] = new Array(MAX_JSON_DEPTH).fill(undefined);

/**
 * Scans the JSON object or array that opens at `start`, without recursion. A text of n brackets costs n steps, not n².
 *
 * Repairs only spelling that has one meaning. A missing bracket, quote, comma or value is a fault: the text is cut off,
 * or something was left out.
 */
export function scanJson(text: string, start: number, limit: number): JsonScan {
  const edits: Edit[] = [];
  let depth = 0;
  let expects: 'value' | 'item' | 'firstItem' | 'key' | 'firstKey' | 'next' = 'value';
  let comma = start;
  let isProse = true;
  let at = start;
  for (;;) {
    at = skipBlanks(text, at, limit, edits);
    if (at >= limit) return cut(isProse, limit);
    const code = text.charCodeAt(at);
    const closer = depth === 0 ? 0 : closers[depth - 1];
    if (code === closer && expects !== 'value') {
      if (expects === 'item' || expects === 'key')
        edits.push({ from: comma, to: comma + 1, json: '', repair: 'a trailing comma' });
      at++;
      depth--;
      if (depth === 0)
        return edits.length === 0 ? { outcome: 'whole', end: at } : { outcome: 'whole', end: at, edits };
      expects = 'next';
    } else if (expects === 'next') {
      if (code !== COMMA) return faulty(isProse, at, 'expected a comma or a closing bracket');
      comma = at++;
      expects = closer === RIGHT_BRACE ? 'key' : 'item';
    } else if (expects === 'key' || expects === 'firstKey') {
      if (!opensString(code)) return faulty(isProse, at, 'expected a key in quotes');
      isProse = false;
      const before = edits.length;
      const end = skipString(text, at, limit, edits);
      if (end === undefined) return cut(isProse, limit);
      if (typeof end === 'string') return faulty(isProse, at, end);
      if (!addKey(depth - 1, keyOf(text, at, end, edits, before)))
        return faulty(isProse, at, 'a key that occurs twice');
      at = skipBlanks(text, end, limit, edits);
      if (at >= limit) return cut(isProse, limit);
      if (text.charCodeAt(at) !== COLON) return faulty(isProse, at, 'expected a colon');
      at++;
      expects = 'value';
    } else if (code === LEFT_BRACE || code === LEFT_BRACKET) {
      if (depth === MAX_JSON_DEPTH) return { outcome: 'deep', end: at };
      closers[depth] = code === LEFT_BRACE ? RIGHT_BRACE : RIGHT_BRACKET;
      keys[depth] = undefined;
      depth++;
      expects = code === LEFT_BRACE ? 'firstKey' : 'firstItem';
      at++;
    } else if (
      expects !== 'value' &&
      opensItem(code) &&
      endOfMatch(ITEMS, text, at) > at &&
      ITEMS.lastIndex <= limit
    ) {
      at = ITEMS.lastIndex;
      comma = text.lastIndexOf(',', at);
      isProse = false;
      expects = 'item';
    } else {
      const isString = opensString(code);
      if (isString) isProse = false;
      const end = isString ? skipString(text, at, limit, edits) : skipScalar(text, at, limit, edits);
      if (end === undefined) return cut(isProse, limit);
      if (typeof end === 'string') return faulty(isProse, at, end);
      isProse = false;
      at = end;
      expects = 'next';
    }
  }
}

const opensItem = oneOf('-0123456789"tfn');

/** Plain items of an array, each with its comma. One match is ten times as fast as a step for each. */
const ITEMS =
  /(?:(?:-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:e[+-]?\d{1,2})?|"[^"\\\p{Cc}]*"|true|false|null)[ \t\n\r]*,[ \t\n\r]*)+/uy;

const cut = (isProse: boolean, end: number): JsonScan => ({ outcome: isProse ? 'prose' : 'cut', end });

const faulty = (isProse: boolean, end: number, fault: string): JsonScan =>
  isProse ? { outcome: 'prose', end } : { outcome: 'broken', end, fault };

/** Returns the key that stands between two positions. The edits from `first` on are those of the key. */
function keyOf(text: string, start: number, end: number, edits: readonly Edit[], first: number): string {
  const key = text.slice(start + 1, end - 1);
  return key.includes('\\') ? JSON.parse(edited(text, start, end, edits.slice(first))) : key;
}

/** Adds a key to an open object. Returns false if it has that key already: the text has two values for it. */
function addKey(place: number, key: string): boolean {
  const known = keys[place];
  if (known === undefined) keys[place] = key;
  else if (typeof known === 'string') {
    if (known === key) return false;
    keys[place] = new Set([known, key]);
  } else {
    if (known.has(key)) return false;
    known.add(key);
  }
  return true;
}
