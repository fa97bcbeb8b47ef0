import { crc32 } from 'node:zlib';

const BEFORE = ',"sum":"';
const AFTER = '"}';
const DIGITS = 8;

/** The number of bytes at the end of a line that hold its sum. */
export const SUM_BYTES = BEFORE.length + DIGITS + AFTER.length;

/**
 * A CRC-32 that continues the one of the line before. It therefore depends on every line up to this one, so that lines
 * that are missing, repeated or swapped are found. It finds every change of up to 32 neighboring bits.
 */
export type LineSum = number;

/** The sum before the first line. */
export const NO_LINES: LineSum = 0;

const ending = (sum: LineSum): string => `${BEFORE}${sum.toString(16).padStart(DIGITS, '0')}${AFTER}`;

/** Adds the sum as the last member of a JSON object. */
export const withSum = (
  json: string,
  previous: LineSum,
): { readonly line: string; readonly sum: LineSum } => {
  const content = json.slice(0, -1);
  const sum = crc32(content, previous);
  return { line: `${content}${ending(sum)}`, sum };
};

/** Continues the sum over a line that has none. */
export const sumOver = (bytes: Buffer, previous: LineSum): LineSum => crc32(bytes, previous);

/** Returns what precedes the sum of a line; `undefined` if the line has another sum, or none. */
export const checkedLine = (
  bytes: Buffer,
  previous: LineSum,
): { readonly content: Buffer; readonly sum: LineSum } | undefined => {
  const content = bytes.subarray(0, -SUM_BYTES);
  const sum = crc32(content, previous);
  return statedSum(bytes) === sum ? { content, sum } : undefined;
};

/** What follows the content of a checked line in the JSON of the line without its sum. */
export const CLOSING_BRACE = '}';

/**
 * The sum that a line ends with, whether it is right or not; `undefined` if it ends with none. Compares bytes, which takes a
 * fifth of a text and a regular expression (measured).
 */
export const statedSum = (bytes: Buffer): LineSum | undefined => {
  const at = bytes.length - SUM_BYTES;
  if (!has(bytes, BEFORE, at) || !has(bytes, AFTER, at + BEFORE.length + DIGITS)) return undefined;
  let sum = 0;
  for (let place = 0; place < DIGITS; place += 1) {
    const value = digitOf(bytes[at + BEFORE.length + place] as number);
    if (value === undefined) return undefined;
    sum = sum * 16 + value;
  }
  return sum;
};

/** Whether bytes have this text of ASCII at an offset. */
const has = (bytes: Buffer, text: string, offset: number): boolean => {
  for (let at = 0; at < text.length; at += 1) if (bytes[offset + at] !== text.charCodeAt(at)) return false;
  return true;
};

/** The value of a hexadecimal digit in lower case. */
const digitOf = (code: number): number | undefined => {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : undefined;
};

/** Whether bytes begin with a whole line, so that they are more than the line that a crash left unfinished. */
export const beginsWithLine = (bytes: Buffer, previous: LineSum): boolean => {
  for (let at = bytes.indexOf(BEFORE); at !== -1; at = bytes.indexOf(BEFORE, at + 1)) {
    if (checkedLine(bytes.subarray(0, at + SUM_BYTES), previous) !== undefined) return true;
  }
  return false;
};
