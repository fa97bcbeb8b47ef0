import { parseLine } from '../journal/read-entry.ts';
import { splitLines } from '../journal/split-lines.ts';
import { MAX_HELD_BYTES, type Refuse, type Row } from './row.ts';

const TOO_LARGE = `there are more than ${MAX_HELD_BYTES} bytes in one piece; JSON Lines are read one by one`;

/** The records of a JSON Lines file. Blank lines are passed over. */
export async function* jsonLineRows(bytes: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<Row> {
  const check = (held: number, number: number): void => {
    if (held > MAX_HELD_BYTES) refuse(`line ${number}`, [TOO_LARGE]);
  };
  for await (const line of splitLines(bytes, check)) {
    const place = `line ${line.number}`;
    const text = withoutMark(line.bytes);
    if (isBlank(text)) continue;
    const value = parseLine(text);
    if (value === undefined) {
      refuse(place, [line.isWhole ? 'this is not JSON' : 'the last line is torn: it is not JSON']);
    }
    yield rowOf(value, place, line.number, refuse);
  }
}

/** The records of a file that is one JSON array, which is held as a whole. */
export async function* jsonRows(bytes: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<Row> {
  const chunks: Buffer[] = [];
  let held = 0;
  for await (const chunk of bytes) {
    held += chunk.length;
    if (held > MAX_HELD_BYTES) refuse('', [TOO_LARGE]);
    chunks.push(chunk);
  }
  const items = parseLine(withoutMark(Buffer.concat(chunks)));
  if (!Array.isArray(items)) refuse('', ['expected a JSON array of questions']);
  for (const [index, item] of (items as unknown[]).entries()) {
    yield rowOf(item, `item ${index + 1}`, index + 1, refuse);
  }
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

const withoutMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;

/** Spaces, tabs and carriage returns: what JSON lets stand around a value. */
const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);

const rowOf = (value: unknown, place: string, number: number, refuse: Refuse): Row => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(place, ['expected an object with a question']);
  }
  const record = value as Readonly<Record<string, unknown>>;
  return {
    place,
    number,
    get: (field) => (Object.hasOwn(record, field) ? record[field] : undefined),
  };
};
