import {
  BACKSLASH,
  COLON,
  COMMA,
  DOUBLE_QUOTE,
  HYPHEN,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  SPACE,
} from './character-codes.ts';
import { isDigit, oneOf, skip, skipSpaces } from './characters.ts';

/** The deepest nesting of arrays and objects that is read as JSON. */
export const MAX_JSON_DEPTH = 200;

/** The end of a scan: after the value (`ok`), at the first character that is not JSON, or at a bracket too deep. */
export interface JsonScan {
  readonly outcome: 'ok' | 'broken' | 'deep';
  readonly end: number;
}

/**
 * Scans the JSON object or array that opens at `start`, without recursion, and stops at the first character that is
 * invalid in strict JSON. A text of n brackets costs n steps, not n².
 */
export function scanJson(text: string, start: number, limit: number): JsonScan {
  /** The code of the closing bracket for each open one. */
  const open: number[] = [];
  let expects: 'value' | 'key' | 'firstKey' | 'firstValue' | 'next' = 'value';
  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (isJsonSpace(code)) {
      at++;
      continue;
    }
    const closer = open.at(-1);
    if (expects === 'next' || ((expects === 'firstKey' || expects === 'firstValue') && code === closer)) {
      if (code === closer) {
        open.pop();
        at++;
        if (open.length === 0) return { outcome: 'ok', end: at };
        expects = 'next';
      } else if (code === COMMA) {
        expects = closer === RIGHT_BRACE ? 'key' : 'value';
        at++;
      } else return { outcome: 'broken', end: at };
    } else if (expects === 'key' || expects === 'firstKey') {
      if (code !== DOUBLE_QUOTE) return { outcome: 'broken', end: at };
      at = skipSpaces(text, skipString(text, at, limit), limit);
      if (text.charCodeAt(at) !== COLON) return { outcome: 'broken', end: at };
      expects = 'value';
      at++;
    } else if (code === LEFT_BRACE || code === LEFT_BRACKET) {
      if (open.length === MAX_JSON_DEPTH) return { outcome: 'deep', end: at };
      open.push(code === LEFT_BRACE ? RIGHT_BRACE : RIGHT_BRACKET);
      expects = code === LEFT_BRACE ? 'firstKey' : 'firstValue';
      at++;
    } else {
      const end = skipScalar(text, at, limit);
      if (end === at) return { outcome: 'broken', end: at };
      at = end;
      expects = 'next';
    }
  }
  return { outcome: 'broken', end: limit };
}

const isJsonSpace = oneOf(' \t\n\r');

const isInNumber = oneOf('0123456789+-.eE');

function skipString(text: string, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
    else if (code < SPACE) return at;
  }
  return limit;
}

/** Skips a string, a literal or a finite number (not `1e999`). Less strict than `JSON.parse`, which reads it later. */
function skipScalar(text: string, start: number, limit: number): number {
  const code = text.charCodeAt(start);
  if (code === DOUBLE_QUOTE) return skipString(text, start, limit);
  for (const literal of ['true', 'false', 'null']) {
    if (text.startsWith(literal, start)) return start + literal.length;
  }
  if (code !== HYPHEN && !isDigit(code)) return start;
  const at = skip(text, isInNumber, start + 1, limit);
  return Number.isFinite(Number(text.slice(start, at))) ? at : start;
}
