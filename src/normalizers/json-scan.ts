import { isDigit, isSpace } from './characters.ts';

/** The deepest nesting of arrays and objects that is read as JSON. */
export const MAX_JSON_DEPTH = 200;

/** Where the scan of a JSON value ended: after it (`ok`), at the first thing that is not JSON, or too deep. */
export interface JsonScan {
  readonly outcome: 'ok' | 'broken' | 'deep';
  readonly end: number;
}

/**
 * Walks over the JSON object or array that opens at `start`, without recursion, and stops at the first
 * character that strict JSON does not allow: a text of n brackets costs n steps, not n².
 */
export function scanJson(text: string, start: number, limit: number): JsonScan {
  /** One entry per open bracket: the code that closes it. */
  const open: number[] = [];
  let expects: 'value' | 'key' | 'firstKey' | 'firstValue' | 'next' = 'value';
  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 10 || code === 13 || code === 9) {
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
      } else if (code === 44) {
        expects = closer === 125 ? 'key' : 'value';
        at++;
      } else return { outcome: 'broken', end: at };
    } else if (expects === 'key' || expects === 'firstKey') {
      if (code !== 34) return { outcome: 'broken', end: at };
      at = skipBlanks(text, skipString(text, at, limit), limit);
      if (text.charCodeAt(at) !== 58) return { outcome: 'broken', end: at };
      expects = 'value';
      at++;
    } else if (code === 123 || code === 91) {
      if (open.length === MAX_JSON_DEPTH) return { outcome: 'deep', end: at };
      open.push(code + 2);
      expects = code === 123 ? 'firstKey' : 'firstValue';
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

function skipBlanks(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function skipString(text: string, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code === 92) at++;
    else if (code < 32) return at;
  }
  return limit;
}

/** A string, literal or finite number (`1e999` is none); what this lacks in strictness, `JSON.parse` has. */
function skipScalar(text: string, start: number, limit: number): number {
  const code = text.charCodeAt(start);
  if (code === 34) return skipString(text, start, limit);
  for (const literal of ['true', 'false', 'null']) {
    if (text.startsWith(literal, start)) return start + literal.length;
  }
  if (code !== 45 && !isDigit(code)) return start;
  let at = start + 1;
  while (at < limit && (isDigit(text.charCodeAt(at)) || '+-.eE'.includes(text.charAt(at)))) at++;
  return Number.isFinite(Number(text.slice(start, at))) ? at : start;
}
