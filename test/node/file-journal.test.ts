import { readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Journal, JournalEntry } from '../../src/experiment/journal/journal.ts';
import { openJournal } from '../../src/node/file-journal.ts';
import type { JournalOptions } from '../../src/node/journal/open-journal.ts';
import { fileOf } from '../cli/recording.ts';
import { answered, entriesOf, failed, journalContract } from '../experiment/journal/journal-contract.ts';

journalContract('openJournal', () => openJournal(fileOf('')));
journalContract('openJournal with fsync', () => openJournal(fileOf(''), { fsync: true }));

/** Writes a journal with these entries, and returns its path. */
const recorded = async (entries: readonly JournalEntry[], options?: JournalOptions): Promise<string> => {
  const path = fileOf('', 'calls.jsonl');
  const journal = await openJournal(path, options);
  for (const entry of entries) await journal.append(entry);
  await journal.close();
  return path;
};

/** Returns the entries of a journal, and the notices of its opening. */
const reopened = async (
  path: string,
  options: JournalOptions = {},
): Promise<{ readonly entries: readonly JournalEntry[]; readonly notices: readonly string[] }> => {
  const notices: string[] = [];
  const journal = await openJournal(path, { ...options, onNotice: (notice) => notices.push(notice) });
  const entries = await entriesOf(journal);
  for (const entry of entries) expect(await journal.get(entry.key)).toStrictEqual(entry);
  expect(journal.count).toBe(entries.length);
  await journal.close();
  return { entries, notices: notices.map((notice) => notice.replace(dirname(path), '')) };
};

const three = [answered('k1'), failed('k2'), answered('k3', 'é \u2028 "quoted"\nand more')];

describe('a journal in a file', () => {
  it('has a header and one line of JSON for each call, at most 400 bytes if answers are short', async () => {
    const path = await recorded(three, { fingerprint: 'dataset=abc' });
    const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(header).toBe(
      '{"journal":"crucible-ensemble","version":2,"fingerprint":"dataset=abc","sum":"41fe75a8"}',
    );
    const sums = expect.stringMatching(/^[\da-f]{8}$/);
    expect(lines.map((line) => JSON.parse(line))).toStrictEqual(
      three.map((entry) => ({ ...entry, sum: sums })),
    );
    const key = 'a'.repeat(43);
    const long = await recorded([
      { ...answered(key), model: 'anthropic/claude-haiku-5-5', firstTokenMs: 211.123456 },
    ]);
    expect((readFileSync(long, 'utf8').split('\n')[1] ?? '').length).toBeLessThan(400);
  });

  it('is read by the next opening, and continued', async () => {
    const path = await recorded(three);
    const journal = await openJournal(path);
    await journal.append(answered('k2'));
    await journal.close();
    expect(await reopened(path)).toStrictEqual({
      entries: [three[0], three[2], answered('k2')],
      notices: [],
    });
  });

  it('keeps entries that are longer than any buffer', async () => {
    const long = [answered('k1', 'é'.repeat(300_000)), answered('k2'), answered('k3', 'x'.repeat(1_000_000))];
    expect((await reopened(await recorded(long))).entries).toStrictEqual(long);
  });

  it('finds each of three thousand keys that were written at once', async () => {
    const path = fileOf('');
    const entries = Array.from({ length: 3000 }, (_, index) => answered(`k${index}`, `${index}`));
    const journal = await openJournal(path);
    await Promise.all(entries.map(journal.append));
    expect(journal.count).toBe(3000);
    await journal.close();
    expect((await reopened(path)).entries).toStrictEqual(entries);
  });

  it('can be read without a lock while it is written, and refuses entries then', async () => {
    const path = await recorded(three);
    const writer = await openJournal(path);
    const reader = await openJournal(path, { readOnly: true });
    await writer.append(answered('k4'));
    expect(await entriesOf(reader)).toStrictEqual(three);
    await expect(reader.append(answered('k5'))).rejects.toThrow('it was opened with readOnly');
    await Promise.all([reader.close(), writer.close()]);
  });
});

describe('a journal after a crash', () => {
  it('loses no whole entry, wherever the file is cut off, and is continued from there', async () => {
    const two = [failed('k1'), answered('k2', 'é \u2028')];
    const path = await recorded(two, { fingerprint: 'v1' });
    const whole = readFileSync(path);
    const ends = [...whole.keys()].filter((index) => whole[index] === 10);
    for (let length = 0; length <= whole.length; length += 1) {
      const cut = fileOf(whole.subarray(0, length), 'calls.jsonl');
      // A last line that lacks only its line break is whole.
      const kept = two.slice(0, Math.max(0, ends.filter((end) => end <= length).length - 1));
      const isClean = length === 0 || ends.some((end) => length === end || length === end + 1);
      const read = await reopened(cut, { readOnly: true, fingerprint: 'v1' });
      expect(read.entries, `${length} bytes`).toStrictEqual(kept);
      expect(read.notices).toHaveLength(isClean ? 0 : 1);
      const notices: string[] = [];
      const onNotice = (notice: string): unknown => notices.push(notice);
      const journal = await openJournal(cut, { fingerprint: 'v1', onNotice });
      expect(await entriesOf(journal), `${length} bytes`).toStrictEqual(kept);
      expect(notices).toHaveLength(isClean ? 0 : 1);
      await journal.append(answered('k9'));
      await journal.close();
      expect(await reopened(cut, { readOnly: true, fingerprint: 'v1' })).toStrictEqual({
        entries: [...kept, answered('k9')],
        notices: [],
      });
    }
  });

  it.each([
    ['NUL bytes', '\0'.repeat(300)],
    ['NUL bytes in the middle of lines', `{"key":"k4\0\0\0\0"}\n\0\0\n{"key":"k`],
    ['half an entry', '{"key":"k4","model":"sm'],
    ['half a character', Buffer.from('{"key":"é').subarray(0, -1)],
  ])('drops %s at the end, notifies, and repairs the file', async (_, tail) => {
    const path = await recorded(three);
    const { size } = statSync(path);
    writeFileSync(path, tail, { flag: 'a' });
    const torn = Buffer.byteLength(tail);
    const message = `/calls.jsonl: the last ${torn} bytes, from line 5, are incomplete and`;
    expect(await reopened(path, { readOnly: true })).toStrictEqual({
      entries: three,
      notices: [`${message} ignored`],
    });
    expect(statSync(path).size).toBe(size + torn);
    expect(await reopened(path)).toStrictEqual({ entries: three, notices: [`${message} dropped`] });
    expect(statSync(path).size).toBe(size);
  });

  it.each([
    ['a line that is not JSON', 3, (line: string) => line.replace('{', '[')],
    ['a line that is not an entry', 2, () => '{}'],
    ['NUL bytes', 3, (line: string) => line.replace('model', '\0\0\0\0\0')],
    ['bytes that are not UTF-8', 4, (line: string) => line.replace('small', '\xff')],
    ['an empty line', 2, () => ''],
    ['a last line that is whole, but not an entry', 5, (line: string) => line.replace('"key"', '"yek"')],
  ])('refuses %s by its number, and changes nothing', async (_, number, damage) => {
    const path = await recorded([...three, answered('k4')]);
    const lines = readFileSync(path, 'latin1').split('\n');
    lines[number - 1] = damage(lines[number - 1] ?? '');
    writeFileSync(path, lines.join('\n'), 'latin1');
    const before = readFileSync(path);
    for (const readOnly of [true, false]) {
      await expect(openJournal(path, { readOnly })).rejects.toMatchObject({
        name: 'JournalCorruptError',
        line: number,
      });
    }
    expect(readFileSync(path)).toStrictEqual(before);
  });

  it('never quotes a damaged line', async () => {
    const path = await recorded([answered('k1', 'a secret answer'), answered('k2')]);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"key":"k1"', '"key":k1'));
    const error = await openJournal(path).catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('secret');
  });

  it.each(['some text', '{"journal":"another"}\n', '[]\n{}\n', '{"id":"1","question":"What is 2 + 2?"}'])(
    'never mistakes another file for an incomplete journal: %j',
    async (content) => {
      const path = fileOf(content);
      await expect(openJournal(path)).rejects.toThrow('is not a journal');
      expect(readFileSync(path, 'utf8')).toBe(content);
      await expect(openJournal(path)).rejects.toThrow('is not a journal');
    },
  );
});

describe('a journal that cannot be written', () => {
  it('reports that the folder does not exist', async () => {
    const path = join(dirname(fileOf('')), 'absent', 'calls.jsonl');
    await expect(openJournal(path)).rejects.toMatchObject({
      name: 'JournalWriteError',
      message: `${path} cannot be written: ENOENT`,
    });
  });

  it.skipIf(process.getuid?.() === 0)('reports a missing permission', async () => {
    const path = fileOf('');
    const file = await open(path);
    await file.chmod(0o444);
    await file.close();
    await expect(openJournal(path)).rejects.toMatchObject({
      name: 'JournalWriteError',
      cause: { code: 'EACCES' },
    });
  });

  it('requires the file if it is read-only', async () => {
    const path = `${fileOf('')}-absent`;
    await expect(openJournal(path, { readOnly: true })).rejects.toMatchObject({
      faults: [`openJournal: ${path} cannot be read: there is no such file`],
    });
  });
});

describe('the fingerprint of a journal', () => {
  it.each([
    [undefined, 'dataset=a', 'has no fingerprint'],
    ['dataset=a panel=b', 'dataset=a panel=c', '(different: panel)'],
    ['v1', 'v2', 'its fingerprint is "v1", not "v2"'],
  ])('%s is not that of a run of %s', async (begun, expected, message) => {
    const path = await recorded(three, begun === undefined ? {} : { fingerprint: begun });
    await expect(openJournal(path, { fingerprint: expected })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(message),
    });
    // The file is unchanged and unlocked.
    expect((await reopened(path)).entries).toStrictEqual(three);
  });

  it('does not repair an incomplete journal with another fingerprint', async () => {
    const path = await recorded(three, { fingerprint: 'v1' });
    truncateSync(path, statSync(path).size - 5);
    const before = readFileSync(path);
    await expect(openJournal(path, { fingerprint: 'v2' })).rejects.toThrow('recorded for something else');
    expect(readFileSync(path)).toStrictEqual(before);
  });

  it('does not matter in another version', async () => {
    const path = fileOf('{"journal":"crucible-ensemble","version":3}\n');
    await expect(openJournal(path)).rejects.toThrow(
      'is a journal of version 3; this release reads versions 1 and 2',
    );
  });
});

describe('the lock of a journal', () => {
  const lockOf = (holder: object): string =>
    JSON.stringify({
      pid: process.pid,
      host: hostname(),
      nonce: '00000000-0000-4000-8000-000000000000',
      ...holder,
    });

  const opened = async (path: string): Promise<Journal> => {
    const journal = await openJournal(path);
    expect(JSON.parse(readFileSync(`${path}.lock`, 'utf8'))).toMatchObject({ pid: process.pid });
    return journal;
  };

  it('keeps out a second writer of the same process, also through a link, until the first closes', async () => {
    const path = await recorded(three);
    const alias = join(dirname(path), 'alias.jsonl');
    symlinkSync(path, alias);
    const first = await opened(path);
    for (const name of [path, alias]) {
      await expect(openJournal(name)).rejects.toMatchObject({
        name: 'JournalLockedError',
        message: `${name} is being written by this process; close that journal first`,
        pid: process.pid,
      });
    }
    await first.close();
    expect(() => statSync(`${path}.lock`)).toThrow('ENOENT');
    await (await opened(path)).close();
  });

  it('is acquired by exactly one of many', async () => {
    const path = await recorded(three);
    writeFileSync(`${path}.lock`, lockOf({ pid: 2 ** 22 + 1 }));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => openJournal(path)));
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'JournalLockedError' });
    }
    for (const journal of won) await journal.close();
    await (await opened(path)).close();
  });

  it('is taken over from a dead process', async () => {
    const path = await recorded(three);
    // Above the largest process id of Linux.
    writeFileSync(`${path}.lock`, lockOf({ pid: 2 ** 22 + 1 }));
    await (await opened(path)).close();
  });

  it.skipIf(process.platform !== 'linux')(
    'is taken over if another process has the process id now',
    async () => {
      const path = await recorded(three);
      writeFileSync(`${path}.lock`, lockOf({ startedAt: 'another boot/1' }));
      await (await opened(path)).close();
    },
  );

  it.each([
    [
      'of another host',
      lockOf({ host: 'elsewhere' }),
      'process \\d+ on host "elsewhere"; if it no longer runs, delete ',
    ],
    ['that is unreadable', '', 'an unknown process; if no process writes it, delete '],
    [
      'with a path for a nonce',
      lockOf({ nonce: '../../../../../../../../../../../../x' }),
      'an unknown process',
    ],
    ['of a group of processes', lockOf({ pid: -1 }), 'an unknown process'],
  ])('is respected if it is one %s', async (_, content, message) => {
    const path = await recorded(three);
    writeFileSync(`${path}.lock`, content);
    await expect(openJournal(path)).rejects.toThrow(new RegExp(`is being written by ${message}`));
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(content);
  });

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('exit');
    const journals = await Promise.all([openJournal(fileOf('')), openJournal(fileOf(''))]);
    expect(process.listenerCount('exit')).toBe(before + 1);
    for (const journal of journals) await journal.close();
    expect(process.listenerCount('exit')).toBe(before);
  });
});

it('lists every invalid option, and opens nothing', async () => {
  const options = { fsync: 1, readOnly: 'no', fingerprint: '', onNotice: true, sync: true };
  await expect(openJournal('', options as unknown as JournalOptions)).rejects.toMatchObject({
    faults: { length: 6 },
  });
});
