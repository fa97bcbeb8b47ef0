import { isUtf8 } from 'node:buffer';

/** Parses the JSON of a line; `undefined` if it is not JSON, or not UTF-8 (which `JSON.parse` would not notice). */
export const parseLine = (bytes: Buffer): unknown => {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
};

/** The fault of a line that {@link parseLine} cannot parse. */
export const invalidJson = (isWhole: boolean): string =>
  isWhole ? 'invalid JSON' : 'invalid JSON; the last line is incomplete';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** Returns the bytes without a byte order mark at their beginning. */
export const withoutByteOrderMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;
