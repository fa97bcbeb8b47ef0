import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { rescore, runExperiment } from '../../../src/experiment/experiment.ts';
import type { Journal, JournalEntry } from '../../../src/experiment/journal/journal.ts';
import { defineModel } from '../../../src/index.ts';
import { writeWhole } from '../../../src/node/journal/append-lines.ts';
import type { JournalFile } from '../../../src/node/journal/journal-system.ts';
import { type JournalOptions, openJournalOn } from '../../../src/node/journal/open-journal.ts';
import { answered, entriesOf, failed, journalContract } from '../../experiment/journal/journal-contract.ts';
import { MemoryDisk, systemError } from './memory-disk.ts';

const PATH = '/calls.jsonl';

/** Opens a journal on a disk, by another process each time. */
const openOn = (disk: MemoryDisk, options: JournalOptions = {}, path = PATH): Promise<Journal> =>
  openJournalOn(disk.process(100 + disk.processes.size), path, options);

journalContract('a journal on a disk', () => openOn(new MemoryDisk()));
journalContract('a journal on a disk that handles seven bytes at a time', () =>
  openOn(Object.assign(new MemoryDisk(), { portion: 7 })),
);

const diskWith = async (
  entries: readonly JournalEntry[],
  options: JournalOptions = {},
): Promise<MemoryDisk> => {
  const disk = new MemoryDisk();
  const journal = await openOn(disk, options);
  for (const entry of entries) await journal.append(entry);
  await journal.close();
  return disk;
};

const readOf = async (disk: MemoryDisk): Promise<readonly JournalEntry[]> => {
  const journal = await openOn(disk, { readOnly: true });
  const entries = await entriesOf(journal);
  for (const entry of entries) expect(await journal.get(entry.key)).toStrictEqual(entry);
  await journal.close();
  return entries;
};

const three = [answered('k1'), failed('k2'), answered('k3', 'é \u2028 "quoted"\nand more')];

describe('a journal on a disk', () => {
  it('gives back any data that it takes, and takes all data that JSON has', async () => {
    const json = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)));
    await fc.assert(
      fc.asyncProperty(
        fc.array(json, { maxLength: 5 }),
        fc.string({ unit: 'binary' }),
        async (values, text) => {
          const entries = values.map((value, index) => ({
            ...answered(`k${index}`, text),
            response: { text, extra: value },
          }));
          expect(await readOf(await diskWith(entries))).toStrictEqual(entries);
        },
      ),
      { numRuns: 200, seed: 12 },
    );
  });

  it('appends lines in the order of the calls, whose sums continue each other', async () => {
    const disk = new MemoryDisk();
    const journal = await openOn(disk);
    await Promise.all([answered('k1'), failed('k2')].map(journal.append));
    await journal.append(answered('k3'));
    await journal.close();
    expect(
      disk
        .textOf(PATH)
        .split('\n')
        .map((line) => line.slice(0, 20)),
    ).toStrictEqual([
      '{"journal":"crucible',
      '{"key":"k1","model":',
      '{"key":"k2","model":',
      '{"key":"k3","model":',
      '',
    ]);
    expect((await readOf(disk)).map(({ key }) => key)).toStrictEqual(['k1', 'k2', 'k3']);
  });

  it('writes what is appended in one turn together, and at most 1 MiB and a line at a time', async () => {
    const disk = new MemoryDisk();
    const journal = await openOn(disk);
    disk.log.length = 0;
    await Promise.all(Array.from({ length: 50 }, (_, index) => journal.append(answered(`k${index}`))));
    expect(disk.log).toStrictEqual([`write ${PATH}`]);
    disk.log.length = 0;
    const long = Array.from({ length: 4 }, (_, index) => answered(`long ${index}`, 'x'.repeat(600_000)));
    await Promise.all(long.map(journal.append));
    expect(disk.log).toStrictEqual([`write ${PATH}`, `write ${PATH}`]);
    await journal.close();
    expect(await readOf(disk)).toHaveLength(54);
  });

  it('puts no line behind 1 MiB into the same write', async () => {
    const disk = new MemoryDisk();
    const journal = await openOn(disk);
    await journal.append(answered('k1', ''));
    const around = disk.textOf(PATH).split('\n')[1]?.length ?? 0;
    disk.log.length = 0;
    // With its line break the first line has 1 MiB.
    const [exact, shorter] = [1_048_576 - around - 1, 1_048_576 - around - 2];
    await Promise.all([answered('k2', 'x'.repeat(exact)), answered('k3')].map(journal.append));
    expect(disk.log).toStrictEqual([`write ${PATH}`, `write ${PATH}`]);
    disk.log.length = 0;
    await Promise.all([answered('k4', 'x'.repeat(shorter)), answered('k5')].map(journal.append));
    expect(disk.log).toStrictEqual([`write ${PATH}`]);
    await journal.close();
  });

  it('goes on to write what is appended during a write', async () => {
    const disk = new MemoryDisk();
    const journal = await openOn(disk);
    const appended: Promise<void>[] = [];
    let writes = 0;
    disk.fault = (operation) => {
      if (operation !== 'write') return undefined;
      writes += 1;
      if (writes < 4) appended.push(journal.append(answered(`k${writes}`)));
      return undefined;
    };
    await journal.append(answered('k0'));
    await Promise.all(appended);
    await Promise.all(appended);
    await journal.close();
    expect((await readOf(disk)).map(({ key }) => key)).toStrictEqual(['k0', 'k1', 'k2', 'k3']);
  });

  it('lists every invalid option, and opens nothing', async () => {
    const disk = new MemoryDisk();
    const options = { fsync: 1, readOnly: 'no', fingerprint: '', onNotice: true, sync: true };
    await expect(openOn(disk, options as unknown as JournalOptions, '')).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [
        expect.stringContaining('openJournal: option "fsync"'),
        expect.stringContaining('openJournal: option "readOnly"'),
        expect.stringContaining('openJournal: option "fingerprint"'),
        expect.stringContaining('openJournal: option "onNotice"'),
        expect.stringContaining('"sync"'),
        expect.stringContaining('openJournal: the path'),
      ],
    });
    expect(disk.log).toStrictEqual([]);
  });

  it('is not there to be read, or cannot be', async () => {
    const disk = new MemoryDisk();
    await expect(openOn(disk, { readOnly: true })).rejects.toMatchObject({
      faults: [`openJournal: ${PATH} cannot be read: there is no such file`],
    });
    expect(disk.paths).toStrictEqual([]);
    disk.fault = () => systemError('EACCES');
    await expect(openOn(disk, { readOnly: true })).rejects.toMatchObject({
      faults: [`openJournal: ${PATH} cannot be read: EACCES`],
    });
    await expect(openOn(disk)).rejects.toThrow(`${PATH} cannot be written: EACCES`);
    const odd = new Error('a fault without a code');
    disk.fault = () => odd;
    await expect(openOn(disk, { readOnly: true })).rejects.toBe(odd);
  });

  it('can be read without a lock while it is written, and refuses entries then', async () => {
    const disk = await diskWith(three);
    const writer = await openOn(disk);
    const reader = await openOn(disk, { readOnly: true });
    await writer.append(answered('k4'));
    expect(await entriesOf(reader)).toStrictEqual(three);
    await expect(reader.append(answered('k5'))).rejects.toMatchObject({
      name: 'JournalWriteError',
      message: `${PATH} cannot be written: it was opened with readOnly`,
    });
    await Promise.all([reader.close(), writer.close()]);
    expect(disk.paths).toStrictEqual([PATH]);
  });

  it('says that incomplete lines are ignored if it is only read, and changes nothing', async () => {
    const disk = await diskWith(three);
    disk.put(PATH, `${disk.textOf(PATH)}{"key`);
    const before = disk.textOf(PATH);
    const notices: string[] = [];
    const journal = await openOn(disk, { readOnly: true, onNotice: (notice) => notices.push(notice) });
    expect(notices).toStrictEqual([`${PATH}: the last 5 bytes, from line 5, are incomplete and ignored`]);
    expect(await entriesOf(journal)).toStrictEqual(three);
    await journal.close();
    expect(disk.textOf(PATH)).toBe(before);
  });

  it('reads and writes a last line that lacks only its line break', async () => {
    const disk = await diskWith(three);
    disk.put(PATH, disk.textOf(PATH).slice(0, -1));
    expect(await readOf(disk)).toStrictEqual(three);
    const journal = await openOn(disk);
    await journal.append(answered('k4'));
    await journal.close();
    expect(await readOf(disk)).toStrictEqual([...three, answered('k4')]);
  });

  it('syncs the file and its folder when it is opened, and each write, with fsync alone', async () => {
    const disk = new MemoryDisk();
    const journal = await openOn(disk, { fsync: true });
    expect(disk.log.filter((line) => line.startsWith('sync'))).toStrictEqual([
      `sync ${PATH}`,
      `sync folder of ${PATH}`,
    ]);
    disk.log.length = 0;
    await Promise.all([answered('k1'), failed('k2')].map(journal.append));
    await journal.append(answered('k3'));
    expect(disk.log).toStrictEqual([`write ${PATH}`, `sync ${PATH}`, `write ${PATH}`, `sync ${PATH}`]);
    await journal.close();
    const other = await diskWith(three);
    expect(other.log.filter((line) => line.startsWith('sync'))).toStrictEqual([]);
  });

  it('reads lines of any length, across the borders of what is read at a time', async () => {
    const entries = [900, 1000, 1023, 1024, 1025, 2048, 262_000, 262_144, 600_000].map((length, index) =>
      answered(`k${index}`, 'é'.repeat(length)),
    );
    expect(await readOf(await diskWith(entries))).toStrictEqual(entries);
  });

  it('has the entries that were appended before entries() began, whatever is appended meanwhile', async () => {
    const disk = await diskWith(three);
    const journal = await openOn(disk);
    const read: string[] = [];
    for await (const { key } of journal.entries()) {
      read.push(key);
      await journal.append(answered(`later ${key}`));
    }
    expect(read).toStrictEqual(['k1', 'k2', 'k3']);
    expect(journal.count).toBe(6);
    await journal.close();
  });
});

describe('a journal whose disk fails', () => {
  it.each(['open', 'realPath', 'create', 'write', 'sync'] as const)(
    'is not opened if %s fails, and leaves no lock',
    async (failing) => {
      const disk = new MemoryDisk();
      disk.fault = (operation) => (operation === failing ? systemError('EIO') : undefined);
      await expect(openOn(disk, { fsync: true })).rejects.toMatchObject({
        name: 'JournalWriteError',
        message: expect.stringContaining('EIO'),
        cause: { code: 'EIO' },
      });
      disk.fault = () => undefined;
      expect(disk.paths.filter((path) => path !== PATH)).toStrictEqual([]);
      await (await openOn(disk)).close();
    },
  );

  it('says that the lock cannot be created, for example in a folder that is read-only', async () => {
    const disk = await diskWith(three);
    disk.fault = (operation) => (operation === 'create' ? systemError('EACCES') : undefined);
    await expect(openOn(disk)).rejects.toThrow(
      `${PATH} cannot be written: its lock cannot be created: EACCES`,
    );
    expect(await readOf(disk)).toStrictEqual(three);
  });

  it.each([1, 30, 200])(
    'keeps every acknowledged entry if the disk is full after %d more bytes',
    async (more) => {
      const disk = await diskWith(three);
      const journal = await openOn(disk);
      disk.space = disk.bytesOf(PATH).length + more;
      const failure = { name: 'JournalWriteError', message: `${PATH} cannot be written: ENOSPC` };
      const burst = [answered('k4'), answered('k5')].map(journal.append);
      for (const append of burst) await expect(append).rejects.toMatchObject(failure);
      // The part of a line that was written is gone.
      expect(disk.textOf(PATH).endsWith('"}\n')).toBe(true);
      disk.space = Number.POSITIVE_INFINITY;
      await expect(journal.append(answered('k6'))).rejects.toMatchObject(failure);
      expect(await journal.get('k4')).toBeUndefined();
      expect(journal.count).toBe(3);
      await journal.close();
      expect(await readOf(disk)).toStrictEqual(three);
    },
  );

  it('does not wait for a disk that writes nothing and reports no error', async () => {
    const file = { write: async () => 0 } as unknown as JournalFile;
    await expect(writeWhole(file, Buffer.from('line'), 0)).rejects.toThrow('nothing was written');
  });

  it('leaves a torn line if it can neither be written nor removed, which the next opening removes', async () => {
    const disk = await diskWith(three);
    const journal = await openOn(disk);
    disk.space = disk.bytesOf(PATH).length + 30;
    disk.fault = (operation) => (operation === 'truncate' ? systemError('EIO') : undefined);
    await expect(journal.append(answered('k4'))).rejects.toThrow('ENOSPC');
    await journal.close();
    disk.fault = () => undefined;
    disk.space = Number.POSITIVE_INFINITY;
    expect(disk.textOf(PATH).endsWith('\n')).toBe(false);
    const notices: string[] = [];
    const again = await openOn(disk, { onNotice: (notice) => notices.push(notice) });
    expect(notices).toStrictEqual([`${PATH}: the last 30 bytes, from line 5, are incomplete and dropped`]);
    expect(await entriesOf(again)).toStrictEqual(three);
    await again.close();
  });

  it('is opened whatever the listener of its notices does', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const onNotice of [
      () => {
        throw new Error('a fault of the listener');
      },
      () => Promise.reject(new Error('a fault of the listener')),
    ]) {
      const disk = await diskWith(three);
      disk.put(PATH, `${disk.textOf(PATH)}{"key`);
      const journal = await openOn(disk, { onNotice });
      expect(await entriesOf(journal)).toStrictEqual(three);
      await journal.close();
    }
    expect(reported.mock.calls.flat()).toStrictEqual([
      expect.stringContaining('onNotice failed with Error'),
      expect.stringContaining('onNotice failed with Error'),
    ]);
    reported.mockRestore();
  });

  it('acknowledges nothing that was written and could not be synced', async () => {
    const disk = await diskWith(three);
    const journal = await openOn(disk, { fsync: true });
    disk.fault = (operation) => (operation === 'sync' ? systemError('EIO') : undefined);
    await expect(journal.append(answered('k4'))).rejects.toThrow(`${PATH} cannot be written: EIO`);
    await journal.close();
    expect(await readOf(disk)).toStrictEqual(three);
  });

  it('reports that closing failed, and releases the lock', async () => {
    const disk = await diskWith(three);
    const journal = await openOn(disk);
    disk.fault = (operation) => (operation === 'close' ? systemError('EIO') : undefined);
    await expect(journal.close()).rejects.toMatchObject({
      name: 'JournalWriteError',
      message: `${PATH} cannot be written: closing it failed: EIO`,
    });
    expect(disk.paths).toStrictEqual([PATH]);
  });

  it('cannot be a folder, pipe or device, where nothing is read again', async () => {
    const disk = new MemoryDisk();
    disk.put('/dev/null', '', { isFile: false });
    await expect(openOn(disk, {}, '/dev/null')).rejects.toMatchObject({
      name: 'JournalWriteError',
      message: '/dev/null cannot be written: it is not a regular file; choose another path',
    });
    await expect(openOn(disk, { readOnly: true }, '/dev/null')).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('/dev/null is not a regular file; choose another path'),
    });
    expect(disk.log.filter((line) => line === 'close /dev/null')).toHaveLength(2);
    expect(disk.paths).toStrictEqual(['/dev/null']);
  });
});

describe('a journal that another program changes', () => {
  it.each([
    [
      'longer',
      (disk: MemoryDisk) => disk.put(PATH, `${disk.textOf(PATH)}{"key":"k9"}\n`),
      /another program has changed the file, which has \d+ bytes instead of \d+$/,
    ],
    [
      'shorter',
      (disk: MemoryDisk) => disk.put(PATH, disk.textOf(PATH).slice(0, -10)),
      /another program has changed the file, which has \d+ bytes instead of \d+$/,
    ],
    [
      'deleted',
      (disk: MemoryDisk) => disk.remove(PATH),
      /another program has moved, replaced or deleted the file$/,
    ],
    [
      'replaced',
      (disk: MemoryDisk) => {
        disk.remove(PATH);
        disk.put(PATH, 'another file');
      },
      /another program has moved, replaced or deleted the file$/,
    ],
  ])('takes no more entries once it is %s, and leaves it as it is', async (_, change, message) => {
    const disk = await diskWith(three);
    const journal = await openOn(disk);
    await journal.append(answered('k4'));
    change(disk);
    const after = disk.paths.includes(PATH) ? disk.textOf(PATH) : undefined;
    for (const key of ['k5', 'k6']) {
      await expect(journal.append(answered(key))).rejects.toMatchObject({
        name: 'JournalWriteError',
        message: expect.stringMatching(message),
      });
    }
    expect(disk.paths.includes(PATH) ? disk.textOf(PATH) : undefined).toBe(after);
    await journal.close();
  });

  it('is never read as something else: each flipped bit of an entry is found when it is read', async () => {
    const disk = await diskWith([...three, answered('k4')]);
    const journal = await openOn(disk, { readOnly: true });
    const whole = disk.bytesOf(PATH);
    const lines = whole.toString('latin1').split('\n');
    const from = lines.slice(0, 2).join('\n').length + 1;
    const to = from + (lines[2]?.length ?? 0);
    for (let bit = from * 8; bit < to * 8; bit += 1) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      disk.put(PATH, bytes);
      await expect(journal.get('k2')).rejects.toMatchObject({ name: 'JournalCorruptError', line: 3 });
    }
    await expect(entriesOf(journal)).rejects.toMatchObject({ name: 'JournalCorruptError', line: 3 });
    // The sum of the line before, and the line breaks around it.
    for (const bit of [...Array(9 * 8).keys()].map((bit) => (from - 9) * 8 + bit).concat(to * 8)) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      disk.put(PATH, bytes);
      await expect(journal.get('k2')).rejects.toMatchObject({ name: 'JournalCorruptError' });
    }
    disk.put(PATH, whole);
    expect(await journal.get('k2')).toStrictEqual(three[1]);
    await journal.close();
  });

  it('ends a rescoring when a changed line is reached, rather than change a trial', async () => {
    const disk = new MemoryDisk();
    const dataset = [1, 2, 3].map((n) => ({
      id: `${n}`,
      question: `What is ${n} + 2?`,
      expected: `${n + 2}`,
    }));
    const conditions = {
      one: { models: [defineModel('a', (question) => `${Number(/\d/.exec(question)?.[0]) + 2}`)] },
    };
    const journal = await openOn(disk);
    await Array.fromAsync(runExperiment({ dataset, conditions, journal, concurrency: 1 }));
    disk.put(PATH, disk.textOf(PATH).replace('"text":"5"', '"text":"7"'));
    const scores: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const { score } of rescore({ dataset, conditions, journal, concurrency: 1 }))
        scores.push(score);
    };
    await expect(read()).rejects.toMatchObject({ name: 'JournalCorruptError', line: 4 });
    expect(scores).toStrictEqual([1, 1]);
    await journal.close();
  });

  it('is found when it is read after it was cut off', async () => {
    const disk = await diskWith(three);
    const journal = await openOn(disk, { readOnly: true });
    const whole = disk.textOf(PATH);
    const lines = whole.split('\n');
    // Within a line, and between two lines.
    for (const [kept, line] of [
      [whole.slice(0, -9), 4],
      [`${lines.slice(0, 3).join('\n')}\n`, 4],
      ['', 1],
    ] as const) {
      disk.put(PATH, kept);
      await expect(journal.get('k3')).rejects.toMatchObject({ name: 'JournalCorruptError', line });
      await expect(entriesOf(journal)).rejects.toMatchObject({ name: 'JournalCorruptError', line });
    }
    await journal.close();
  });
});

describe('a closed journal', () => {
  it('is read no more, and says so', async () => {
    const disk = await diskWith(three);
    for (const readOnly of [true, false]) {
      const journal = await openOn(disk, { readOnly });
      await journal.close();
      const closed = {
        name: 'ConfigError',
        message: expect.stringContaining(`${PATH} is closed; open it again`),
      };
      await expect(journal.get('k1')).rejects.toMatchObject(closed);
      await expect(entriesOf(journal)).rejects.toMatchObject(closed);
      expect(journal.count).toBe(3);
    }
  });

  it('says so too if it is closed while it is read', async () => {
    const disk = Object.assign(await diskWith(three), { portion: 9 });
    const journal = await openOn(disk);
    const reading = journal.entries()[Symbol.asyncIterator]();
    await reading.next();
    const getting = journal.get('k3');
    await journal.close();
    const closed = { name: 'ConfigError', message: expect.stringContaining('is closed') };
    await expect(reading.next()).rejects.toMatchObject(closed);
    await expect(getting).rejects.toMatchObject(closed);
  });

  it('has written what was appended before, and takes nothing after', async () => {
    const disk = new MemoryDisk();
    const journal = await openOn(disk);
    const appends = three.map(journal.append);
    const closings = [journal.close(), journal.close()];
    await expect(journal.append(answered('k4'))).rejects.toThrow(`${PATH} cannot be written: it is closed`);
    await Promise.all([...appends, ...closings]);
    expect(disk.log.filter((line) => line === `close ${PATH}`)).toHaveLength(1);
    expect(await readOf(disk)).toStrictEqual(three);
  });
});
