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

/** Returns the JSON of a line without its sum; `undefined` if the line has another sum, or none. */
export const checkedLine = (
  bytes: Buffer,
  previous: LineSum,
): { readonly json: Buffer; readonly sum: LineSum } | undefined => {
  const content = bytes.subarray(0, -SUM_BYTES);
  const sum = crc32(content, previous);
  if (bytes.toString('latin1', content.length) !== ending(sum)) return undefined;
  return { json: Buffer.concat([content, CLOSING_BRACE]), sum };
};

const CLOSING_BRACE = Buffer.from('}');

/** The sum that a line ends with, whether it is right or not; `undefined` if it ends with none. */
export const statedSum = (bytes: Buffer): LineSum | undefined => {
  const end = bytes.subarray(-SUM_BYTES).toString('latin1');
  const { digits } = /,"sum":"(?<digits>[\da-f]{8})"\}/.exec(end)?.groups ?? {};
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
};

/** Whether bytes begin with a whole line, so that they are more than the line that a crash left unfinished. */
export const beginsWithLine = (bytes: Buffer, previous: LineSum): boolean => {
  for (let at = bytes.indexOf(BEFORE); at !== -1; at = bytes.indexOf(BEFORE, at + 1)) {
    if (checkedLine(bytes.subarray(0, at + SUM_BYTES), previous) !== undefined) return true;
  }
  return false;
};
