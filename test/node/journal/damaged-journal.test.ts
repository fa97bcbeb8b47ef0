import { describe, expect, it } from 'vitest';
import type { Journal, JournalEntry } from '../../../src/experiment/journal/journal.ts';
import { openJournalOn } from '../../../src/node/journal/open-journal.ts';
import { answered, entriesOf, failed } from '../../experiment/journal/journal-contract.ts';
import { MemoryDisk } from './memory-disk.ts';

const PATH = '/calls.jsonl';

/** Entries whose lines have letters of one to four bytes, spaces, and texts that look like lines and sums. */
const entries: readonly JournalEntry[] = [
  answered('k1', 'Paris, the capital of France'),
  failed('k2'),
  answered('k3', 'é \u2028 "quoted"\nand more 🙂 @ * J'),
  answered('k4', ',"sum":"00000000"}\n{"key":"k1"}'),
  { ...answered('k5'), firstTokenMs: 12.5 },
  failed('k6', 'small: HTTP 503'),
  answered('k2', 'at last'),
];

/** What is read back: the second entry of k2 replaces its first. */
const expected = entries.filter(({ key, status }) => key !== 'k2' || status === 'answered');

const opened = (bytes: Buffer | string, options = {}): Promise<Journal> => {
  const disk = new MemoryDisk();
  disk.put(PATH, bytes);
  return openJournalOn(disk.process(1), PATH, options);
};

const written = async (lines = entries, fingerprint = 'dataset=abc panel=def'): Promise<Buffer> => {
  const disk = new MemoryDisk();
  const journal = await openJournalOn(disk.process(1), PATH, { fingerprint });
  for (const entry of lines) await journal.append(entry);
  await journal.close();
  return disk.bytesOf(PATH);
};

/** What becomes of damaged bytes: the name of the error, or what is read. */
const outcomeOf = async (bytes: Buffer, options = {}): Promise<string | readonly JournalEntry[]> => {
  let journal: Journal;
  try {
    journal = await opened(bytes, options);
  } catch (error) {
    return (error as Error).name;
  }
  const read = await entriesOf(journal);
  for (const entry of read) expect(await journal.get(entry.key)).toStrictEqual(entry);
  await journal.close();
  return read;
};

const linesOf = (bytes: Buffer): readonly string[] => bytes.toString('latin1').split('\n').slice(0, -1);

const joined = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');

/** With mutants, which only ask whether any test fails, the test of each bit would take most of the time. */
const BITS_AT_A_TIME = process.env.MUTANT_TESTS === undefined ? 1 : 11;

/** Flips each bit of a journal, and returns how often each error was thrown, and the bits that were not found. */
const flipEachBit = async (whole: Buffer, isHarmless: (read: readonly JournalEntry[]) => boolean) => {
  const bytes = Buffer.from(whole);
  const errors: Record<string, number> = {};
  const changed: string[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += BITS_AT_A_TIME) {
    const at = bit >> 3;
    bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    const outcome = await outcomeOf(bytes, { readOnly: true });
    if (typeof outcome === 'string') errors[outcome] = (errors[outcome] ?? 0) + 1;
    else if (!isHarmless(outcome)) changed.push(`bit ${bit & 7} of byte ${at}`);
    bytes[at] = whole[at] as number;
  }
  return { errors, changed };
};

describe('a damaged journal', () => {
  it('is refused without any of its lines but the last ones, which a kill may leave unwritten', async () => {
    const lines = linesOf(await written());
    for (let line = 0; line < lines.length; line += 1) {
      const outcome = await outcomeOf(joined(lines.toSpliced(line, 1)));
      if (line < lines.length - 1) expect(outcome, `line ${line + 1}`).toBe('JournalCorruptError');
      else expect(outcome).toStrictEqual(await outcomeOf(await written(entries.slice(0, -1))));
    }
  });

  it('is refused if any lines are swapped, repeated, copied elsewhere, or empty', async () => {
    const lines = linesOf(await written());
    for (let one = 0; one < lines.length; one += 1) {
      for (let other = 0; other < lines.length; other += 1) {
        const [a, b] = [lines[one] as string, lines[other] as string];
        const name = `lines ${one + 1} and ${other + 1}`;
        if (one < other) {
          const swapped = await outcomeOf(joined(lines.with(one, b).with(other, a)));
          expect(swapped, name).toBe('JournalCorruptError');
        }
        const copied = await outcomeOf(joined(lines.toSpliced(other + 1, 0, a)));
        expect(copied, name).toBe('JournalCorruptError');
      }
      expect(await outcomeOf(joined(lines.toSpliced(one + 1, 0, '')))).toBe('JournalCorruptError');
    }
  });

  it('is refused with the lines of another journal behind its own', async () => {
    const [one, other] = [await written(), await written([answered('k9')])];
    expect(await outcomeOf(Buffer.concat([one, other]))).toBe('JournalCorruptError');
    const [, ...lines] = linesOf(other);
    expect(await outcomeOf(Buffer.concat([one, joined(lines)]))).toBe('JournalCorruptError');
  });

  it('is read up to where it is cut off, at every byte, and is continued', async () => {
    const whole = await written();
    const ends = [...whole.keys()].filter((index) => whole[index] === 10);
    const keptOf = await Promise.all(
      ends.map(async (_, count) => outcomeOf(await written(entries.slice(0, count)))),
    );
    for (let length = 0; length <= whole.length; length += 1) {
      // A last line that lacks only its line break is whole.
      const count = Math.max(0, ends.filter((end) => end <= length).length - 1);
      const kept = keptOf[count] as JournalEntry[];
      const disk = new MemoryDisk();
      disk.put(PATH, whole.subarray(0, length));
      const notices: string[] = [];
      const onNotice = (notice: string): unknown => notices.push(notice);
      const journal = await openJournalOn(disk.process(1), PATH, { onNotice });
      expect(await entriesOf(journal), `${length} bytes`).toStrictEqual(kept);
      const isClean = length === 0 || ends.some((end) => length === end || length === end + 1);
      expect(notices).toHaveLength(isClean ? 0 : 1);
      await journal.append(answered('k9'));
      await journal.close();
      const again = await openJournalOn(disk.process(2), PATH, { onNotice });
      expect(await entriesOf(again), `${length} bytes`).toStrictEqual([...kept, answered('k9')]);
      expect(notices).toHaveLength(isClean ? 0 : 1);
      await again.close();
    }
  });

  it.each([
    [
      'the first line',
      1,
      'this line is damaged, or a line before it was changed or removed; restore the file from a copy',
    ],
    [
      'a line',
      4,
      'restore the file from a copy, or keep the first 3 lines (head -n 3), and the other calls are made again',
    ],
  ])('names the file and the number of %s, and what to do', async (_, number, message) => {
    const lines = linesOf(await written());
    const damaged = (lines[number - 1] as string).replace(
      /[a-f](?=[\da-f]*"\}$)|\d(?=[\da-f]*"\}$)/,
      (digit) => (digit === '0' ? '1' : '0'),
    );
    const error: unknown = await opened(joined(lines.with(number - 1, damaged))).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: 'JournalCorruptError', line: number });
    expect(String(error)).toContain(`${PATH}, line ${number}: `);
    expect(String(error)).toContain(message);
  });

  it('that is kept up to the damaged line, as the message says, is continued', async () => {
    const lines = linesOf(await written());
    const kept = joined(lines.slice(0, 3));
    expect(await outcomeOf(kept)).toStrictEqual(entries.slice(0, 2));
  });

  it('is refused, whichever bit of 2 kB is flipped', async () => {
    const whole = await written([...entries, answered('k7', 'word '.repeat(70))]);
    expect(whole.length).toBeGreaterThan(2048);
    const { errors, changed } = await flipEachBit(whole, () => false);
    expect(changed).toStrictEqual([]);
    expect(errors).toStrictEqual({ JournalCorruptError: Math.ceil((whole.length * 8) / BITS_AT_A_TIME) });
  });

  it('with a torn last line is refused or read as it was, whichever bit is flipped', async () => {
    const whole = await written(entries.slice(0, 3));
    const torn = whole.subarray(0, -20);
    const kept = JSON.stringify(await outcomeOf(torn));
    const { errors, changed } = await flipEachBit(torn, (read) => JSON.stringify(read) === kept);
    expect(changed).toStrictEqual([]);
    const end = torn.lastIndexOf('\n') + 1;
    expect(errors.JournalCorruptError).toBeGreaterThanOrEqual(Math.floor((end * 8) / BITS_AT_A_TIME));
  });

  it('of which only the header is left is refused, whichever bit is flipped', async () => {
    const whole = await written([]);
    const { errors, changed } = await flipEachBit(whole, () => false);
    expect(changed).toStrictEqual([]);
    expect(errors).toStrictEqual({ JournalCorruptError: Math.ceil((whole.length * 8) / BITS_AT_A_TIME) });
  });
});

describe('NUL bytes at the end of a journal', () => {
  it.each([
    ['behind the last line', (whole: Buffer) => Buffer.concat([whole, Buffer.alloc(2)])],
    [
      'instead of the last line break',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, -1), Buffer.alloc(9)]),
    ],
    ['in the last line', (whole: Buffer) => Buffer.from(whole).fill(0, whole.length - 9, whole.length - 4)],
  ])('are dropped %s', async (_, damage) => {
    const notices: string[] = [];
    const journal = await opened(damage(await written()), {
      onNotice: (notice: string) => notices.push(notice),
    });
    expect(notices).toHaveLength(1);
    expect((await entriesOf(journal)).length).toBeGreaterThanOrEqual(expected.length - 1);
    await journal.close();
  });

  it.each([
    [
      'one in a whole line, which is a changed letter',
      (whole: Buffer) => Buffer.from(whole).fill(0, whole.length - 9, whole.length - 8),
    ],
    ['many before a valid line', (whole: Buffer) => Buffer.from(whole).fill(0, 400, 420)],
    [
      'many before a whole entry without a line break',
      (whole: Buffer) => Buffer.concat([whole, Buffer.from(`\0\0\0\n${JSON.stringify(answered('k9'))}`)]),
    ],
  ])('are not dropped: %s', async (_, damage) => {
    expect(await outcomeOf(damage(await written()))).toBe('JournalCorruptError');
  });
});
