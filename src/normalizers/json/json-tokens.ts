import {
  APOSTROPHE,
  BACKSLASH,
  DOUBLE_QUOTE,
  HASH,
  HYPHEN,
  LEFT_BRACE,
  LEFT_BRACKET,
  POINT,
  SLASH,
  SPACE,
  STAR,
} from '../reading/character-codes.ts';
import { isDigit, isSpace, isWordCharacter, lineEnd, oneOf, skipDigits } from '../reading/characters.ts';

/** What is repaired: spelling that has one meaning only. */
export type Repair =
  | 'a trailing comma'
  | 'comments'
  | 'line breaks in strings'
  | 'Python literals'
  | 'single quotes'
  | 'typographic quotes'
  | 'white space that JSON does not have';

/** The replacement of a part of a text by strict JSON. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  /** What stands there instead. Default: the same between double quotes. */
  readonly json?: string;
  readonly repair: Repair;
}

/** The end of a token; a text that says what is wrong with it; `undefined` if the text ends in it. */
export type TokenEnd = number | string | undefined;

const isJsonSpace = oneOf(' \t\n\r');

/** White space of any script, and the characters that open a comment. One test tells most tokens from them. */
const mayBeBlank = (code: number): boolean =>
  code <= SPACE || code > LAST_ASCII || code === SLASH || code === HASH;

const LAST_ASCII = 0x7f;

/** Skips white space and comments. Returns `limit` if a comment does not end before it. */
export function skipBlanks(text: string, start: number, limit: number, edits: Edit[]): number {
  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (!mayBeBlank(code)) return at;
    if (isJsonSpace(code)) {
      at++;
      continue;
    }
    const end = isSpace(code) ? at + 1 : commentEnd(text, at, limit);
    if (end === at) return at;
    const repair = isSpace(code) ? 'white space that JSON does not have' : 'comments';
    edits.push({ from: at, to: end, json: ' ', repair });
    at = end;
  }
  return limit;
}

/** The end of the comment at `at`, or `at`: `[#1]` and `[//host]` are prose. */
function commentEnd(text: string, at: number, limit: number): number {
  const code = text.charCodeAt(at);
  if (code !== SLASH && code !== HASH) return at;
  const before = text.charCodeAt(at - 1);
  if (before === LEFT_BRACE || before === LEFT_BRACKET) return at;
  if (code === HASH) return isSpace(before) ? lineEnd(text, at, limit) : at;
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) return lineEnd(text, at, limit);
  if (next !== STAR) return at;
  const close = text.indexOf('*/', at + 2);
  return close < 0 || close + 2 > limit ? limit : close + 2;
}

/** Returns the closing quotation mark of an opening one. Those of typography follow each other in Unicode. */
const closing = (quote: number): number => (quote > LAST_ASCII ? quote + 1 : quote);

/** Whether a string opens with this character. */
export const opensString = oneOf('"\'\u201c\u2018');

const isPlainEscape = oneOf('"\\/bfnrt');
const hexDigits = /[\da-fA-F]{4}/y;

/** Skips the string that opens at `start`. */
export function skipString(text: string, start: number, limit: number, edits: Edit[]): TokenEnd {
  const quote = text.charCodeAt(start);
  const close = closing(quote);
  const isStrict = quote === DOUBLE_QUOTE;
  const before = edits.length;
  for (let at = start + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === close) {
      if (!isStrict) delimit(text, start, at, edits, edits.length > before);
      return at + 1;
    }
    if (code === BACKSLASH) {
      at++;
      if (at >= limit) return undefined;
      const escaped = text.charCodeAt(at);
      if (escaped === APOSTROPHE)
        edits.push({ from: at - 1, to: at + 1, json: "'", repair: 'single quotes' });
      else if (escaped === LOWER_U) {
        if (at + 5 > limit) return undefined;
        hexDigits.lastIndex = at + 1;
        if (!hexDigits.test(text)) return 'an escape that JSON does not have';
        at += 4;
      } else if (!isPlainEscape(escaped)) return 'an escape that JSON does not have';
    } else if (code < SPACE) {
      const json = JSON.stringify(text.charAt(at)).slice(1, -1);
      edits.push({ from: at, to: at + 1, json, repair: 'line breaks in strings' });
    } else if (!isStrict && code === DOUBLE_QUOTE) {
      edits.push({ from: at, to: at + 1, json: '\\"', repair: 'single quotes' });
    }
  }
  return undefined;
}

const LOWER_U = 0x75;

/** Replaces the quotation marks of a string: in one piece, unless edits lie within it. */
function delimit(text: string, start: number, end: number, edits: Edit[], isEdited: boolean): void {
  const repair = text.charCodeAt(start) === APOSTROPHE ? 'single quotes' : 'typographic quotes';
  if (isEdited) {
    edits.push({ from: start, to: start + 1, json: '"', repair });
    edits.push({ from: end, to: end + 1, json: '"', repair });
  } else edits.push({ from: start, to: end + 1, repair });
}

/** The literals of JSON and of Python, by their first letter. */
const literals: ReadonlyMap<number, readonly [written: string, json: string]> = new Map(
  (
    [
      ['true', 'true'],
      ['false', 'false'],
      ['null', 'null'],
      ['True', 'true'],
      ['False', 'false'],
      ['None', 'null'],
    ] as const
  ).map((literal) => [literal[0].charCodeAt(0), literal]),
);

/** Skips the number or literal at `start`. */
export function skipScalar(text: string, start: number, limit: number, edits: Edit[]): TokenEnd {
  const code = text.charCodeAt(start);
  const end = isDigit(code) || code === HYPHEN ? skipNumber(text, start) : skipLiteral(text, start, edits);
  if (typeof end !== 'number') return end;
  if (end >= limit) return undefined;
  const next = text.charCodeAt(end);
  return isWordCharacter(next) || continuesNumber(next) ? 'expected a value' : end;
}

const continuesNumber = oneOf('.+-');

function skipLiteral(text: string, start: number, edits: Edit[]): TokenEnd {
  const [written, json] = literals.get(text.charCodeAt(start)) ?? [];
  if (written === undefined || json === undefined || !text.startsWith(written, start))
    return 'expected a value';
  const end = start + written.length;
  if (written !== json) edits.push({ from: start, to: end, json, repair: 'Python literals' });
  return end;
}

function skipNumber(text: string, start: number): TokenEnd {
  const first = text.charCodeAt(start) === HYPHEN ? start + 1 : start;
  const whole = skipDigits(text, first);
  if (whole === first || (whole > first + 1 && text.charCodeAt(first) === ZERO)) return 'expected a value';
  let end = whole;
  if (text.charCodeAt(end) === POINT) {
    const fraction = skipDigits(text, end + 1);
    if (fraction === end + 1) return 'expected a value';
    end = fraction;
  }
  if ((text.charCodeAt(end) | 0x20) === LOWER_E) {
    const sign = isSign(text.charCodeAt(end + 1)) ? end + 2 : end + 1;
    const exponent = skipDigits(text, sign);
    if (exponent === sign) return 'expected a value';
    end = exponent;
  }
  // No integer of 15 digits is rounded.
  if (end === whole && end - start <= 15) return end;
  return inexactness(text.slice(start, end), end === whole) ?? end;
}

const ZERO = 0x30;
const LOWER_E = 0x65;

const isSign = oneOf('+-');

/** Two integers whose last digits are lost would be one vote. */
function inexactness(digits: string, isInteger: boolean): string | undefined {
  const value = Number(digits);
  if (!Number.isFinite(value)) return 'a number out of range';
  return isInteger && String(value) !== digits
    ? 'an integer of more digits than a number keeps; ask for it as a string'
    : undefined;
}

/** Applies the edits of the value between `start` and `end`. */
export function edited(text: string, start: number, end: number, edits: readonly Edit[]): string {
  let json = '';
  let from = start;
  for (const edit of edits.toSorted((one, other) => one.from - other.from)) {
    json += text.slice(from, edit.from) + (edit.json ?? `"${text.slice(edit.from + 1, edit.to - 1)}"`);
    from = edit.to;
  }
  return json + text.slice(from, end);
}
