import type { JournalEntry } from '../../experiment/journal/journal.ts';
import { beginsAsHeader, type Header, readHeader } from './header.ts';
import { CLOSING_BRACE, checkedLine, type LineSum, NO_LINES, sumOver } from './line-sum.ts';
import { parseEntry } from './parse-line.ts';
import type { Line } from './split-lines.ts';

/** Reads the lines of one journal in their order, and checks their sums. */
export interface LineReader {
  /** Reads the next line; `undefined` if it is no line of a journal, or its sum is wrong. Then no line follows it. */
  read(line: Pick<Line, 'bytes' | 'offset'>): JournalEntry | Header | undefined;
  /** The first header; `undefined` before it is read. */
  readonly header: Header | undefined;
  /** The offset from which on lines have sums; `Infinity` as long as they have none. */
  readonly sumsFrom: number;
  /** The sum of the lines that were read. */
  readonly sum: LineSum;
}

/** Returns a reader for the lines of a journal, which has not read any. */
export const createLineReader = (): LineReader => {
  let header: Header | undefined;
  let sumsFrom = Number.POSITIVE_INFINITY;
  let sum = NO_LINES;

  const hasSums = (): boolean => sumsFrom < Number.POSITIVE_INFINITY;

  const readNextHeader = (bytes: Buffer, offset: number): Header | undefined => {
    const next = readHeader(bytes, sum);
    // A second header only says that sums begin.
    if (next === undefined || (header !== undefined && !next.hasSum)) return undefined;
    header ??= next.header;
    sum = next.sum;
    if (next.hasSum) sumsFrom = offset + bytes.length + 1;
    return next.header;
  };

  const readEntry = (bytes: Buffer): JournalEntry | undefined => {
    if (!hasSums()) {
      const entry = parseEntry(bytes);
      if (entry !== undefined) sum = sumOver(bytes, sum);
      return entry;
    }
    const checked = checkedLine(bytes, sum);
    const entry = checked && parseEntry(checked.content, CLOSING_BRACE);
    if (checked !== undefined && entry !== undefined) sum = checked.sum;
    return entry;
  };

  return {
    read: ({ bytes, offset }) =>
      header === undefined || (!hasSums() && beginsAsHeader(bytes))
        ? readNextHeader(bytes, offset)
        : readEntry(bytes),
    get header() {
      return header;
    },
    get sumsFrom() {
      return sumsFrom;
    },
    get sum() {
      return sum;
    },
  };
};
