import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../src/experiment/journal/journal.ts';
import { NO_LINES, withSum } from '../../../src/node/journal/line-sum.ts';
import { type JournalOptions, openJournalOn } from '../../../src/node/journal/open-journal.ts';
import { answered, entriesOf } from '../../experiment/journal/journal-contract.ts';
import { MemoryDisk } from './memory-disk.ts';

const PATH = '/calls.jsonl';

const openOn = (disk: MemoryDisk, options: JournalOptions = {}): Promise<Journal> =>
  openJournalOn(disk.process(1 + disk.processes.size), PATH, options);

const diskOf = (text: string): MemoryDisk => {
  const disk = new MemoryDisk();
  disk.put(PATH, text);
  return disk;
};

/** A journal that was begun with a fingerprint. */
const begun = async (fingerprint?: string): Promise<MemoryDisk> => {
  const disk = new MemoryDisk();
  await (await openOn(disk, fingerprint === undefined ? {} : { fingerprint })).close();
  return disk;
};

describe('the header of a journal', () => {
  it.each([
    [
      undefined,
      'dataset=a',
      'has no fingerprint, so it is unknown what it was recorded for; leave out "fingerprint", or choose another path',
    ],
    [
      'dataset=a panel=b model=c',
      'dataset=a panel=c model=d',
      'was recorded for something else (different: panel, model); choose another path, or rescore it, which checks no fingerprint',
    ],
    ['v1', 'v2', 'was recorded for something else (its fingerprint is "v1", not "v2")'],
  ])('with the fingerprint %s is not opened with %s', async (fingerprint, expected, message) => {
    const disk = await begun(fingerprint);
    const before = disk.textOf(PATH);
    for (const readOnly of [true, false]) {
      await expect(openOn(disk, { fingerprint: expected, readOnly })).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining(`openJournal: ${PATH} ${message}`),
      });
    }
    expect(disk.textOf(PATH)).toBe(before);
    expect(disk.paths).toStrictEqual([PATH]);
    for (const options of fingerprint === undefined ? [{}] : [{}, { fingerprint }]) {
      await (await openOn(disk, options)).close();
    }
  });

  it.each([3, 0, '2', null])('of version %j is refused with the versions that are read', async (version) => {
    const disk = diskOf(
      `{"journal":"crucible-ensemble","version":${JSON.stringify(version)}}\n{"any":"line"}\n`,
    );
    await expect(openOn(disk)).rejects.toThrow(
      `openJournal: ${PATH} is a journal of version ${JSON.stringify(version)}; this release reads versions 1 and 2`,
    );
  });

  it.each([
    ['a text', 'some text'],
    ['JSON', '{"id":"1","question":"What is 2 + 2?"}\n'],
    ['another journal', '{"journal":"another"}\n'],
    ['a header behind NUL bytes', `\0\0{"journal":"crucible-ensemble","version":1}\n`],
    ['a header behind a space', ` {"journal":"crucible-ensemble","version":1}\n`],
    ['an entry', `${JSON.stringify(answered('k1'))}\n`],
  ])('is not there in %s, which is not changed', async (_, text) => {
    for (const options of [{}, { readOnly: true }]) {
      const disk = diskOf(text);
      await expect(openOn(disk, options)).rejects.toThrow(
        `openJournal: ${PATH} is not a journal; choose another path, or move the file away`,
      );
      expect(disk.textOf(PATH)).toBe(text);
    }
  });

  it('is missing before lines that have sums', async () => {
    const { line } = withSum(JSON.stringify(answered('k1')), NO_LINES);
    await expect(openOn(diskOf(`${line}\n`))).rejects.toMatchObject({ name: 'JournalCorruptError', line: 1 });
  });

  it.each([
    ['nothing', ''],
    ['its beginning', '{"journal":"crucible-en'],
    ['all but its end', '{"journal":"crucible-ensemble","version":2,"finger'],
    ['NUL bytes', '\0'.repeat(300)],
    ['its beginning and NUL bytes', `{"journal":"cruc${'\0'.repeat(40)}`],
    ['NUL bytes in several lines', `{"journal":"cruc${'\0'.repeat(40)}\n\0\0\n`],
  ])('is written anew if a crash left %s of it', async (_, text) => {
    const disk = diskOf(text);
    const notices: string[] = [];
    const journal = await openOn(disk, { fingerprint: 'v1', onNotice: (notice) => notices.push(notice) });
    await journal.append(answered('k1'));
    await journal.close();
    expect(notices).toStrictEqual(
      text === '' ? [] : [`${PATH}: the last ${text.length} bytes, from line 1, are incomplete and dropped`],
    );
    expect(disk.textOf(PATH)).toMatch(
      /^\{"journal":"crucible-ensemble","version":2,"fingerprint":"v1","sum":"[\da-f]{8}"\}\n\{/,
    );
    const again = await openOn(disk, { readOnly: true, fingerprint: 'v1' });
    expect(await entriesOf(again)).toStrictEqual([answered('k1')]);
    await again.close();
  });

  it('is refused if it is whole and damaged behind its beginning', async () => {
    const disk = diskOf('{"journal":"crucible-ensemble","version":2,"fingerprint":\n');
    await expect(openOn(disk)).rejects.toMatchObject({ name: 'JournalCorruptError', line: 1 });
  });
});
