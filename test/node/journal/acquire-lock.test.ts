import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../../src/node/journal/acquire-lock.ts';
import type { JournalSystem } from '../../../src/node/journal/journal-system.ts';
import { openJournalOn } from '../../../src/node/journal/open-journal.ts';
import { MemoryDisk, systemError } from './memory-disk.ts';

const PATH = '/calls.jsonl';
const LOCK = `${PATH}.lock`;
const NONCE = '00000000-0000-4000-8000-000000000000';

const holderOf = (holder: object): string =>
  JSON.stringify({ pid: 9, host: 'here', nonce: NONCE, ...holder });

const acquire = (system: JournalSystem): Promise<() => void> => acquireLock(system, LOCK, PATH);

const refusal = (holder: string, pid?: number) => ({
  name: 'JournalLockedError',
  message: `${PATH} is being written by ${holder}`,
  ...(pid !== undefined && { pid }),
});

describe('the lock of a journal', () => {
  it('names its process until it is released, which it can be twice', async () => {
    const disk = new MemoryDisk();
    const system = disk.process(1, { startedAt: 'boot/1' });
    const release = await acquire(system);
    expect(JSON.parse(disk.textOf(LOCK))).toStrictEqual({
      pid: 1,
      host: 'here',
      startedAt: 'boot/1',
      nonce: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    release();
    expect(disk.paths).toStrictEqual([]);
    release();
    expect(system.listeners.size).toBe(0);
  });

  it('is refused to another process, and to its own', async () => {
    const disk = new MemoryDisk();
    const [one, other] = [disk.process(1), disk.process(2)];
    const release = await acquire(one);
    await expect(acquire(other)).rejects.toMatchObject(
      refusal('process 1; wait until it ends, or choose another path', 1),
    );
    await expect(acquire(one)).rejects.toMatchObject(refusal('this process; close that journal first', 1));
    release();
    (await acquire(other))();
  });

  it('is released when its process exits', async () => {
    const disk = new MemoryDisk();
    const system = disk.process(1);
    await acquire(system);
    system.exit();
    expect(disk.paths).toStrictEqual([]);
  });

  it('is taken over from a killed process by one of many, and leaves nothing else behind', async () => {
    const disk = new MemoryDisk();
    const killed = disk.process(1);
    await acquire(killed);
    killed.kill();
    const systems = Array.from({ length: 20 }, (_, index) => disk.process(index + 2));
    const results = await Promise.allSettled(systems.map(acquire));
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'JournalLockedError' });
    }
    expect(disk.paths).toStrictEqual([LOCK]);
    won[0]?.();
    expect(disk.paths).toStrictEqual([]);
  });

  it('is taken over from a process that was killed while it took over a lock', async () => {
    const disk = new MemoryDisk();
    disk.put(LOCK, holderOf({ pid: 77 }));
    disk.put(`${LOCK}.${NONCE}`, holderOf({ pid: 78, nonce: NONCE.replaceAll('0', '1') }));
    (await acquire(disk.process(1)))();
    expect(disk.paths).toStrictEqual([]);
  });

  it('is never removed by a process that holds it no longer', async () => {
    const disk = new MemoryDisk();
    const system = disk.process(1);
    const release = await acquire(system);
    disk.put(LOCK, holderOf({ pid: 2 }));
    release();
    expect(disk.textOf(LOCK)).toBe(holderOf({ pid: 2 }));
    const again = disk.process(3);
    disk.remove(LOCK);
    await acquire(again);
    disk.put(LOCK, holderOf({ pid: 2 }));
    again.exit();
    expect(disk.textOf(LOCK)).toBe(holderOf({ pid: 2 }));
  });

  it.each([
    ['the same start', 'boot/1', 'boot/1', false],
    ['another start', 'boot/1', 'boot/2', true],
    ['a start that is unknown', 'boot/1', undefined, false],
    ['a start that was not recorded', undefined, 'boot/2', false],
  ])('of a process id with %s than recorded, %s and %s', async (_, recorded, now, isTaken) => {
    const disk = new MemoryDisk();
    disk.process(9, now === undefined ? {} : { startedAt: now });
    disk.put(LOCK, holderOf({ startedAt: recorded }));
    const acquiring = acquire(disk.process(1));
    if (isTaken) (await acquiring)();
    else await expect(acquiring).rejects.toMatchObject({ name: 'JournalLockedError', pid: 9 });
  });

  it('of another host is respected, whether the process is alive or not', async () => {
    const disk = new MemoryDisk();
    disk.put(LOCK, holderOf({ host: 'else"where' }));
    await expect(acquire(disk.process(1))).rejects.toMatchObject(
      refusal(`process 9 on host "else\\"where"; if it no longer runs, delete ${LOCK}`, 9),
    );
  });

  it.each([
    ['nothing', ''],
    ['text', 'locked'],
    ['half a lock', holderOf({}).slice(0, 30)],
    ['null', 'null'],
    ['an array', '[]'],
    ['no process id', holderOf({ pid: undefined })],
    ['a process id that is text', holderOf({ pid: '9' })],
    ['a group of processes', holderOf({ pid: -1 })],
    ['every process', holderOf({ pid: 0 })],
    ['half a process', holderOf({ pid: 1.5 })],
    ['no host', holderOf({ host: undefined })],
    ['no nonce', holderOf({ nonce: undefined })],
    ['a number for a nonce', holderOf({ nonce: 5 })],
    ['a path for a nonce', holderOf({ nonce: '../../../../../../../../../../../../x' })],
    ['a nonce and more', holderOf({ nonce: `${NONCE}/` })],
    ['more and a nonce', holderOf({ nonce: `/${NONCE}` })],
  ])('that holds %s is respected, and says which file to delete', async (_, content) => {
    const disk = new MemoryDisk();
    disk.put(LOCK, content);
    const error: unknown = await acquire(disk.process(1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject(refusal(`an unknown process; if no process writes it, delete ${LOCK}`));
    expect(error).toHaveProperty('pid', undefined);
    expect(disk.textOf(LOCK)).toBe(content);
  });

  it('that is a folder, or a link that leads nowhere, is respected too', async () => {
    const disk = new MemoryDisk();
    disk.put(LOCK, holderOf({ pid: 77 }), { isFile: false });
    const unknown = refusal(`an unknown process; if no process writes it, delete ${LOCK}`);
    await expect(acquire(disk.process(1))).rejects.toMatchObject(unknown);
    disk.remove(LOCK);
    disk.symlink('/nowhere', LOCK);
    await expect(acquire(disk.process(2))).rejects.toMatchObject(unknown);
  });
});

describe('a journal with several names', () => {
  it('is locked as the file that a symbolic link leads to', async () => {
    const disk = new MemoryDisk();
    disk.symlink(PATH, '/alias.jsonl');
    const journal = await openJournalOn(disk.process(1), '/alias.jsonl', {});
    expect(disk.paths).toStrictEqual([PATH, LOCK]);
    await expect(openJournalOn(disk.process(2), PATH, {})).rejects.toMatchObject({
      name: 'JournalLockedError',
    });
    await journal.close();
    expect(disk.paths).toStrictEqual([PATH]);
  });

  it('is not written if it has hard links, which have locks of their own, and is read', async () => {
    const disk = new MemoryDisk();
    const journal = await openJournalOn(disk.process(1), PATH, {});
    disk.hardLink(PATH, '/other.jsonl');
    const before = disk.textOf(PATH);
    await expect(openJournalOn(disk.process(2), '/other.jsonl', {})).rejects.toMatchObject({
      name: 'JournalWriteError',
      message: `/other.jsonl cannot be written: it has 2 hard links, and a lock protects only one of them; copy the file, and open the copy`,
    });
    expect(disk.textOf(PATH)).toBe(before);
    expect(disk.paths).toStrictEqual([PATH, LOCK, '/other.jsonl']);
    await (await openJournalOn(disk.process(3), '/other.jsonl', { readOnly: true })).close();
    await journal.close();
  });

  it('reports that its lock cannot be removed', async () => {
    const disk = new MemoryDisk();
    const journal = await openJournalOn(disk.process(1), PATH, {});
    disk.fault = (operation) => (operation === 'remove' ? systemError('EACCES') : undefined);
    await expect(journal.close()).rejects.toMatchObject({
      name: 'JournalWriteError',
      message: `${PATH} cannot be written: closing it failed: EACCES`,
    });
  });
});
