import { isObject } from '../../domain/is-object.ts';
import { parseLine } from '../journal/parse-line.ts';
import { splitLines } from '../journal/split-lines.ts';
import { MAX_HELD_BYTES, type Refuse, type Row } from './row.ts';

/** Yields the records of a JSON Lines file. Blank lines are skipped. */
export async function* jsonLineRows(bytes: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<Row> {
  const check = (held: number, number: number): void => {
    if (held > MAX_HELD_BYTES) refuse(`line ${number}`, [`the line is longer than ${MAX_HELD_BYTES} bytes`]);
  };
  for await (const line of splitLines(bytes, check)) {
    const place = `line ${line.number}`;
    const text = withoutByteOrderMark(line.bytes);
    if (isBlank(text)) continue;
    const value = parseLine(text);
    if (value === undefined) {
      refuse(place, [line.isWhole ? 'invalid JSON' : 'invalid JSON; the last line is incomplete']);
    }
    yield rowOf(value, place, line.number, refuse);
  }
}

/** Yields the records of a file that is one JSON array. The whole file is held in memory. */
export async function* jsonRows(bytes: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<Row> {
  const chunks: Buffer[] = [];
  let held = 0;
  for await (const chunk of bytes) {
    held += chunk.length;
    if (held > MAX_HELD_BYTES) {
      refuse('', [
        `the file is longer than ${MAX_HELD_BYTES} bytes; convert it to JSON Lines, which is read line by line`,
      ]);
    }
    chunks.push(chunk);
  }
  const items = parseLine(withoutByteOrderMark(Buffer.concat(chunks)));
  if (!Array.isArray(items)) refuse('', ['expected a JSON array of questions']);
  for (const [index, item] of items.entries()) {
    yield rowOf(item, `item ${index + 1}`, index + 1, refuse);
  }
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

const withoutByteOrderMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;

/** Whether a line has only characters that JSON allows around a value: spaces, tabs and carriage returns. */
const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);

const rowOf = (value: unknown, place: string, number: number, refuse: Refuse): Row => {
  if (!isObject(value) || Array.isArray(value)) refuse(place, ['expected an object with a question']);
  return {
    place,
    number,
    fields: Object.keys(value),
    get: (field) => (Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined),
  };
};
