/** Classes of characters as tests of their UTF-16 codes, and steps through a text by them. */

// Not imported, because scanners run up to a third faster with constants of their own module.
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const UNDERSCORE = 0x5f;
const LOWER_A = 0x61;
const LOWER_Z = 0x7a;
const LAST_ASCII = 0x7f;

/** The bit that tells `a` from `A`: `code | LOWER_CASE` is the lower-case code of an ASCII letter. */
const LOWER_CASE = 0x20;

/** A test of a code. A position outside the text has the code NaN, which passes no test. */
export type CharacterTest = (code: number) => boolean;

/** Returns a test for the codes of `characters`. */
export function oneOf(characters: string): CharacterTest {
  const codes = Array.from(characters, (character) => character.charCodeAt(0));
  const ascii = Array.from({ length: LAST_ASCII + 1 }, (_, code) => codes.includes(code));
  const others = new Set(codes.filter((code) => code > LAST_ASCII));
  return (code) => (code <= LAST_ASCII ? ascii[code] === true : code > LAST_ASCII && others.has(code));
}

export const isBeyondAscii: CharacterTest = (code) => code > LAST_ASCII;

export const isDigit: CharacterTest = (code) => code >= ZERO && code <= NINE;

export const isAsciiLetter: CharacterTest = (code) =>
  (code | LOWER_CASE) >= LOWER_A && (code | LOWER_CASE) <= LOWER_Z;

export const isNewline: CharacterTest = (code) => code === LINE_FEED || code === CARRIAGE_RETURN;

/** White space of any width, line breaks included. */
export const isSpace = /* @__PURE__ */ oneOf(
  ' \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f',
);

/** A space or a tab. */
export const isBlank = /* @__PURE__ */ oneOf(' \t');

/** The characters that sign a negative number: minus sign, en dash, small hyphen-minus, hyphen. */
const MINUS = '\u2212\u2013\ufe63-';

export const isMinus = /* @__PURE__ */ oneOf(MINUS);

/**
 * Whether a code continues a word. Scripts written without spaces (Han, kana, Thai, ...) do not count: in them every
 * character is a word edge, so that `答案是42` still holds the number 42.
 */
export const isWordCharacter: CharacterTest = (code) =>
  code > LAST_ASCII
    ? wordBeyondAscii.test(String.fromCharCode(code))
    : isDigit(code) || isAsciiLetter(code) || code === UNDERSCORE;

const wordBeyondAscii =
  /(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])[\p{L}\p{Nd}\p{M}]/u;

/** Any digit or numeral of any script: `4`, `٢`, `½`, `²`, `Ⅳ`. */
export const isNumeral: CharacterTest = (code) =>
  code > LAST_ASCII ? numeralBeyondAscii.test(String.fromCharCode(code)) : isDigit(code);

const numeralBeyondAscii = /[\p{Nd}\p{Nl}\p{No}]/u;

/** Returns the first position from `start` on with a character that fails the test; `end` if there is no such one. */
export function skip(text: string, test: CharacterTest, start: number, end = text.length): number {
  let at = start;
  while (at < end && test(text.charCodeAt(at))) at++;
  return at;
}

/** Returns the last position before `start` with a character that fails the test; `from - 1` if there is no such one. */
export function skipBack(text: string, test: CharacterTest, start: number, from = 0): number {
  let at = start - 1;
  while (at >= from && test(text.charCodeAt(at))) at--;
  return at;
}

export const skipSpaces = (text: string, start: number, end?: number): number =>
  skip(text, isSpace, start, end);

export function skipDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Returns the position of the line break that ends the line of `start`, or `end`. */
export function lineEnd(text: string, start: number, end = text.length): number {
  let at = start;
  while (at < end && !isNewline(text.charCodeAt(at))) at++;
  return at;
}

/** Whether `word`, given in lower-case ASCII, is at `at`, in any case. */
export function standsAt(text: string, at: number, word: string): boolean {
  if (at + word.length > text.length) return false;
  for (let index = 0; index < word.length; index++) {
    const code = text.charCodeAt(at + index);
    const lower = code >= UPPER_A && code <= UPPER_Z ? code | LOWER_CASE : code;
    if (lower !== word.charCodeAt(index)) return false;
  }
  return true;
}
