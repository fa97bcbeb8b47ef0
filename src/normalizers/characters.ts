/** Character classes as plain functions over UTF-16 code units: what the scanners are made of. */

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

export const isAsciiLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;

export const isNewline = (code: number): boolean => code === 10 || code === 13;

export const isSpace = (code: number): boolean =>
  code === 32 ||
  (code >= 9 && code <= 13) ||
  code === 0xa0 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x1680;

/**
 * Whether a code unit continues a word. Scripts written without spaces (Han, kana, Thai, ...) do not count:
 * in them every character is a word edge, so that `答案是42` still holds the number 42.
 */
export const isWordCharacter = (code: number): boolean =>
  code < 128
    ? isDigit(code) || isAsciiLetter(code) || code === 95
    : wordBeyondAscii.test(String.fromCharCode(code));

const wordBeyondAscii =
  /(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])[\p{L}\p{Nd}\p{M}]/u;

/** The first position at or after `start` that holds no white space. */
export function skipSpaces(text: string, start: number, end = text.length): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The position of the line break that ends the line of `start`, or `end`. */
export function lineEnd(text: string, start: number, end = text.length): number {
  let at = start;
  while (at < end && !isNewline(text.charCodeAt(at))) at++;
  return at;
}

/** Whether `word`, given in lower-case ASCII, stands at `at`, in any case. */
export function standsAt(text: string, at: number, word: string): boolean {
  if (at + word.length > text.length) return false;
  for (let index = 0; index < word.length; index++) {
    const code = text.charCodeAt(at + index);
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    if (lower !== word.charCodeAt(index)) return false;
  }
  return true;
}

/** A hyphen, minus sign or en dash: what may stand before a negative number. */
export const isMinus = (code: number): boolean =>
  code === 45 || code === 0x2212 || code === 0x2013 || code === 0xfe63;

/** Any digit or numeral of any script: `4`, `٢`, `½`, `²`, `Ⅳ`. */
export const isNumeral = (code: number): boolean =>
  code < 128 ? isDigit(code) : numeralBeyondAscii.test(String.fromCharCode(code));

const numeralBeyondAscii = /[\p{Nd}\p{Nl}\p{No}]/u;

/** The first position at or after `start` that holds no digit. */
export function skipDigits(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && isDigit(text.charCodeAt(at))) at++;
  return at;
}
