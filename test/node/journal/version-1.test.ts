import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Journal, JournalEntry } from '../../../src/experiment/journal/journal.ts';
import { type JournalOptions, openJournalOn } from '../../../src/node/journal/open-journal.ts';
import { answered, entriesOf } from '../../experiment/journal/journal-contract.ts';
import { MemoryDisk } from './memory-disk.ts';

const PATH = '/calls.jsonl';

/** A journal that a release without sums wrote. */
const old = readFileSync(join(import.meta.dirname, 'version-1.jsonl'));

const entries: readonly JournalEntry[] = old
  .toString()
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line));

const diskOf = (bytes: Buffer): MemoryDisk => {
  const disk = new MemoryDisk();
  disk.put(PATH, bytes);
  return disk;
};

const openOn = (disk: MemoryDisk, options: JournalOptions = {}): Promise<Journal> =>
  openJournalOn(disk.process(1 + disk.processes.size), PATH, options);

const continued = async (bytes: Buffer, more: readonly JournalEntry[]): Promise<MemoryDisk> => {
  const disk = diskOf(bytes);
  const journal = await openOn(disk);
  for (const entry of more) await journal.append(entry);
  await journal.close();
  return disk;
};

const readOf = async (disk: MemoryDisk): Promise<readonly JournalEntry[]> => {
  const journal = await openOn(disk, { readOnly: true });
  const read = await entriesOf(journal);
  for (const entry of read) expect(await journal.get(entry.key)).toStrictEqual(entry);
  await journal.close();
  return read;
};

describe('a journal of version 1', () => {
  it('is read as it is, and not changed by reading', async () => {
    const disk = diskOf(old);
    expect(await readOf(disk)).toStrictEqual(entries);
    expect(disk.bytesOf(PATH)).toStrictEqual(old);
  });

  it('keeps its fingerprint', async () => {
    const { fingerprint } = JSON.parse(old.toString().split('\n')[0] as string);
    const disk = await continued(old, []);
    await (await openOn(disk, { fingerprint })).close();
    await expect(openOn(disk, { fingerprint: 'dataset=other' })).rejects.toThrow('(different: dataset)');
    expect(disk.textOf(PATH).split(fingerprint)).toHaveLength(3);
  });

  it('is continued with sums behind a second header, and keeps every line', async () => {
    const more = [answered('k1'), answered(entries[5]?.key as string, 'at last'), answered('k2')];
    const disk = await continued(old, more);
    const lines = disk.bytesOf(PATH).subarray(old.length).toString().split('\n');
    expect(disk.bytesOf(PATH).subarray(0, old.length)).toStrictEqual(old);
    expect(lines[0]).toMatch(
      /^\{"journal":"crucible-ensemble","version":2,"fingerprint":"[^"]+","sum":"[\da-f]{8}"\}$/,
    );
    const expected = [...entries.toSpliced(5, 1), ...more];
    expect(await readOf(disk)).toStrictEqual(expected);
    const again = await continued(disk.bytesOf(PATH), [answered('k3')]);
    expect(await readOf(again)).toStrictEqual([...expected, answered('k3')]);
    expect(again.textOf(PATH).split('"version":2')).toHaveLength(2);
  });

  it('lacking its last line break is continued on a new line', async () => {
    const disk = await continued(old.subarray(0, -1), [answered('k1')]);
    expect(await readOf(disk)).toStrictEqual([...entries, answered('k1')]);
  });

  it('is cut off behind its last whole line when it is continued, at every byte', async () => {
    const ends = [...old.keys()].filter((index) => old[index] === 10);
    for (let length = 0; length < old.length; length += 1) {
      const count = Math.max(0, ends.filter((end) => end <= length).length - 1);
      const disk = await continued(old.subarray(0, length), [answered('k1')]);
      expect(await readOf(disk), `${length} bytes`).toStrictEqual([
        ...entries.slice(0, count),
        answered('k1'),
      ]);
    }
  });

  it('is refused once it is continued, whichever bit of it is flipped', async () => {
    const whole = (
      await continued(old.subarray(0, old.indexOf('\n{"key":"S1OC') + 1), [answered('k1')])
    ).bytesOf(PATH);
    const changed: number[] = [];
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const error: unknown = await openOn(diskOf(bytes), { readOnly: true }).catch(
        (reason: unknown) => reason,
      );
      if (!(error instanceof Error)) changed.push(bit);
    }
    expect(changed).toStrictEqual([]);
  });

  it('is refused without the second header, and with two of version 1', async () => {
    const disk = await continued(old, [answered('k1'), answered('k2')]);
    const lines = disk.textOf(PATH).split('\n');
    const header = lines.findIndex((line) => line.includes('"version":2'));
    for (const damaged of [lines.toSpliced(header - 1, 1), lines.toSpliced(header, 0, lines[0] as string)]) {
      await expect(openOn(diskOf(Buffer.from(damaged.join('\n'))))).rejects.toMatchObject({
        name: 'JournalCorruptError',
        line: header === -1 ? 0 : expect.any(Number),
      });
    }
  });

  it.each([
    [
      'of version 1 with a sum',
      '{"journal":"crucible-ensemble","version":1,"sum":"00000000"}\n',
      'JournalCorruptError',
    ],
    ['of version 2 without a sum', '{"journal":"crucible-ensemble","version":2}\n', 'JournalCorruptError'],
    ['of version 3', '{"journal":"crucible-ensemble","version":3}\n{"any":"line"}\n', 'ConfigError'],
    ['without a version', '{"journal":"crucible-ensemble","version":null}\n', 'ConfigError'],
  ])('is not mistaken for one %s', async (_, text, name) => {
    await expect(openOn(diskOf(Buffer.from(text)))).rejects.toMatchObject({ name });
  });
});
