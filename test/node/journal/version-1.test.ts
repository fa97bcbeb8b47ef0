import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, runExperiment } from '../../../src/experiment/experiment.ts';
import type { Journal, JournalEntry } from '../../../src/experiment/journal/journal.ts';
import { defineModel } from '../../../src/index.ts';
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

  it('is continued after a kill at every byte of the second header and of what follows', async () => {
    const whole = (await continued(old, [answered('k1')])).bytesOf(PATH);
    const more = whole.subarray(old.length);
    for (let length = 0; length <= more.length; length += 1) {
      const disk = await continued(whole.subarray(0, old.length + length), [answered('k2')]);
      const kept = length < more.length - 1 ? [] : [answered('k1')];
      expect(await readOf(disk), `${length} bytes`).toStrictEqual([...entries, ...kept, answered('k2')]);
    }
  });

  it('answers an experiment, which makes only the call that failed again', async () => {
    const asked: string[] = [];
    const model = (id: string, modelId: string) => ({
      ...defineModel(id, (question) => {
        asked.push(`${id}: ${question}`);
        return '6';
      }),
      provider: 'openai',
      modelId,
    });
    const models = [model('openai/small', 'small-2026'), model('openai/large', 'large-2026')];
    const dataset = [1, 2, 3, 4].map((n) => ({
      id: `${n}`,
      question: `What is ${n} + ${n}?`,
      expected: `${2 * n}`,
    }));
    const conditions = { both: { models, normalization: 'numeric' as const } };
    const journal = await openOn(diskOf(old), { fingerprint: await fingerprintOf({ dataset }) });
    const trials = await Array.fromAsync(runExperiment({ dataset, conditions, journal }));
    expect(trials.map(({ score }) => score)).toStrictEqual([1, 1, 1, 1]);
    expect(asked).toStrictEqual(['openai/large: What is 3 + 3?']);
    await Array.fromAsync(runExperiment({ dataset, conditions, journal }));
    expect(asked).toHaveLength(1);
    await journal.close();
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

  it('is refused with a second header that has no sum', async () => {
    const [header = ''] = old.toString().split('\n');
    await expect(openOn(diskOf(Buffer.concat([old, Buffer.from(`${header}\n`)])))).rejects.toMatchObject({
      name: 'JournalCorruptError',
      line: 10,
    });
  });

  it('has entries without sums up to the second header, however short', async () => {
    const short = { key: 'k0', model: 'a', status: 'failed', latencyMs: 1, error: { name: 'E' } };
    const disk = await continued(Buffer.concat([old, Buffer.from(`${JSON.stringify(short)}\n`)]), [
      answered('k1'),
    ]);
    expect(await readOf(disk)).toStrictEqual([...entries, short, answered('k1')]);
    // The writer that appends the second header reads them too.
    const again = diskOf(Buffer.concat([old, Buffer.from(`${JSON.stringify(short)}\n`)]));
    const journal = await openOn(again);
    expect(await journal.get('k0')).toStrictEqual(short);
    await journal.append(answered('k1'));
    expect(await journal.get('k1')).toStrictEqual(answered('k1'));
    await journal.close();
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
