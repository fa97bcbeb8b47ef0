import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openJournal } from '../../../src/node/file-journal.ts';
import { nodeSystem } from '../../../src/node/journal/node-system.ts';
import { answered } from '../../experiment/journal/journal-contract.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const pathIn = (folder: string): string => join(folder, 'calls.jsonl');

const written = async (): Promise<string> => {
  const path = pathIn(temporaryFolder());
  const journal = await openJournal(path);
  await journal.append(answered('k1'));
  await journal.close();
  return path;
};

describe('the system of a journal', () => {
  it('is that of this process', async () => {
    expect([nodeSystem.pid, nodeSystem.host]).toStrictEqual([process.pid, hostname()]);
    expect(await nodeSystem.stateOf(process.pid)).toMatchObject({ isAlive: true });
    expect(await nodeSystem.stateOf(2 ** 22 + 1)).toStrictEqual({ isAlive: false });
  });

  it('reads, writes and cuts a file, and knows its state', async () => {
    const path = pathIn(temporaryFolder());
    const file = await nodeSystem.open(path, 'write');
    expect(file.state()).toStrictEqual({ size: 0, names: 1, isAtPath: true, isFile: true });
    expect(await file.write(Buffer.from('abcdef'), 0)).toBe(6);
    expect(await file.write(Buffer.from('XY'), 2)).toBe(2);
    await file.sync();
    const buffer = Buffer.alloc(10);
    expect(await file.read(buffer, 1)).toBe(5);
    expect(buffer.toString('latin1', 0, 5)).toBe('bXYef');
    expect(await file.read(buffer, 6)).toBe(0);
    await file.truncate(3);
    expect(file.state().size).toBe(3);
    linkSync(path, `${path}.2`);
    expect(file.state().names).toBe(2);
    unlinkSync(path);
    unlinkSync(`${path}.2`);
    expect(file.state().names).toBe(0);
    await file.close();
    await expect(nodeSystem.open(path, 'read')).rejects.toMatchObject({ code: 'ENOENT' });
    await nodeSystem.syncFolderOf(path);
    await nodeSystem.syncFolderOf(join(path, 'absent', 'file'));
  });

  it('syncs a file, and its folder', async () => {
    const path = pathIn(temporaryFolder());
    const file = await nodeSystem.open(path, 'write');
    const handle = await open(path);
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const spies = (['datasync', 'sync'] as const).map((name) => vi.spyOn(prototype, name));
    const calls = () => spies.map(({ mock }) => mock.calls.length);
    await file.sync();
    expect(calls()).toStrictEqual([1, 0]);
    await nodeSystem.syncFolderOf(path);
    expect(calls()).toStrictEqual([1, 1]);
    for (const spy of spies) spy.mockRestore();
    await file.close();
  });

  it('does not write what it opens for reading', async () => {
    const path = await written();
    const file = await nodeSystem.open(path, 'read');
    await expect(file.write(Buffer.from('a'), 0)).rejects.toMatchObject({ code: 'EBADF' });
    await file.close();
  });

  it('creates a file at once or not at all, and leaves no draft', async () => {
    const folder = temporaryFolder();
    const path = pathIn(folder);
    const created = await Promise.all(['a', 'b', 'c'].map((content) => nodeSystem.create(path, content)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).toBe(['a', 'b', 'c'][created.indexOf(true)]);
    expect(readdirSync(folder)).toStrictEqual(['calls.jsonl']);
    await expect(nodeSystem.create(join(folder, 'absent', 'file'), 'a')).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('reads small files only', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    expect(nodeSystem.textAt(path)).toBeUndefined();
    writeFileSync(path, 'é');
    expect(nodeSystem.textAt(path)).toBe('é');
    writeFileSync(path, 'x'.repeat(4096));
    expect(nodeSystem.textAt(path)).toHaveLength(4096);
    writeFileSync(path, 'x'.repeat(4097));
    expect(nodeSystem.textAt(path)).toBe('');
    expect(nodeSystem.textAt(folder)).toBe('');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(nodeSystem.textAt(join(folder, 'link'))).toBe('');
    expect(() => nodeSystem.textAt(join(path, 'below a file'))).toThrow('ENOTDIR');
    nodeSystem.remove(path);
    expect(nodeSystem.textAt(path)).toBeUndefined();
  });

  it('listens to the exit of the process once, whatever a listener throws', () => {
    const before = process.listenerCount('exit');
    const called: number[] = [];
    const cancel = [1, 2, 3].map((number) =>
      nodeSystem.onExit(() => {
        called.push(number);
        if (number === 1) throw new Error('a fault of a listener');
      }),
    );
    expect(process.listenerCount('exit')).toBe(before + 1);
    cancel[1]?.();
    (process.listeners('exit').at(-1) as () => void)();
    expect(called).toStrictEqual([1, 3]);
    for (const each of cancel) each();
    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('a journal among odd files', () => {
  it('has the lock of its file if it is opened by a symbolic link, even one that leads nowhere yet', async () => {
    const folder = temporaryFolder();
    const path = pathIn(folder);
    mkdirSync(join(folder, 'links'));
    const alias = join(folder, 'links', 'alias.jsonl');
    symlinkSync(path, alias);
    const journal = await openJournal(alias);
    await journal.append(answered('k1'));
    expect(readdirSync(folder)).toStrictEqual(['calls.jsonl', 'calls.jsonl.lock', 'links']);
    expect(readdirSync(join(folder, 'links'))).toStrictEqual(['alias.jsonl']);
    await expect(openJournal(path)).rejects.toMatchObject({ name: 'JournalLockedError' });
    await journal.close();
  });

  it('is not written through a hard link', async () => {
    const path = await written();
    linkSync(path, `${path}.2`);
    await expect(openJournal(`${path}.2`)).rejects.toThrow('it has 2 hard links');
    expect(readdirSync(join(path, '..'))).toStrictEqual(['calls.jsonl', 'calls.jsonl.2']);
    const reader = await openJournal(`${path}.2`, { readOnly: true });
    expect(reader.count).toBe(1);
    await reader.close();
  });

  it('is locked by a link that leads nowhere, by and by a folder', async () => {
    const path = await written();
    const lock = `${path}.lock`;
    const expected = { name: 'JournalLockedError', message: expect.stringContaining(`delete ${lock}`) };
    symlinkSync(`${path}.nowhere`, lock);
    await expect(openJournal(path)).rejects.toMatchObject(expected);
    unlinkSync(lock);
    mkdirSync(lock);
    await expect(openJournal(path)).rejects.toMatchObject(expected);
  });

  it.skipIf(process.platform === 'win32')('is not a pipe, for which it does not wait', async () => {
    const path = pathIn(temporaryFolder());
    execFileSync('bash', ['-c', 'mkfifo "$@"', 'bash', path, `${path}.2.lock`]);
    await expect(openJournal(path)).rejects.toThrow('it is not a regular file');
    await expect(openJournal(path, { readOnly: true })).rejects.toThrow('is not a regular file');
    await expect(openJournal(`${path}.2`)).rejects.toThrow('is being written by an unknown process');
  });

  it.each<[string, (path: string) => void]>([
    ['moved', (path) => renameSync(path, `${path}.bak`)],
    [
      'moved, and copied back, as a rotation of logs does',
      (path) => {
        renameSync(path, `${path}.bak`);
        copyFileSync(`${path}.bak`, path);
      },
    ],
    [
      'kept under another name alone',
      (path) => {
        linkSync(path, `${path}.bak`);
        unlinkSync(path);
      },
    ],
    [
      'replaced, as an editor does',
      (path) => {
        unlinkSync(path);
        writeFileSync(path, 'another file');
      },
    ],
  ])('takes no entries once its file is %s', async (_, change) => {
    const path = await written();
    const journal = await openJournal(path);
    change(path);
    await expect(journal.append(answered('k2'))).rejects.toThrow(
      'another program has moved, replaced or deleted the file',
    );
    await journal.close();
  });
});
