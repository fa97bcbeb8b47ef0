import { randomUUID } from 'node:crypto';
import { constants, fstatSync, lstatSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { link, open, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { JournalFile, JournalSystem } from './journal-system.ts';
import { processState } from './process-start.ts';

/** The size of the largest small file, in bytes. */
const SMALL_BYTES = 4096;

const openFile = async (path: string, mode: 'read' | 'write'): Promise<JournalFile> => {
  const flags = mode === 'read' ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT;
  // Otherwise opening a pipe waits for its writer. Windows has neither pipes in folders nor this flag.
  const handle = await open(path, flags | (constants.O_NONBLOCK ?? 0));
  return {
    read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    truncate: (size) => handle.truncate(size),
    sync: () => handle.datasync(),
    state: () => {
      const stats = fstatSync(handle.fd);
      const found = statSync(path, { throwIfNoEntry: false });
      const isAtPath = found?.ino === stats.ino && found.dev === stats.dev;
      return { size: stats.size, names: stats.nlink, isAtPath, isFile: stats.isFile() };
    },
    close: () => handle.close(),
  };
};

const syncFolderOf = async (path: string): Promise<void> => {
  const folder = await open(dirname(path)).catch(() => undefined);
  // Windows does not open folders, and does not need this.
  await folder?.sync().finally(() => folder.close());
};

/** Writes a draft and links it to the path, because a link appears at once and never replaces a file. */
const create = async (path: string, content: string): Promise<boolean> => {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(draft, content, { flag: 'wx', flush: true });
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

const textAt = (path: string): string | undefined => {
  try {
    // The path itself: a link that leads nowhere is taken, and reading a pipe would never end.
    const stats = lstatSync(path);
    return stats.isFile() && stats.size <= SMALL_BYTES ? readFileSync(path, 'utf8') : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** What is done when the process exits. Kept here, because a process warns if it has many listeners. */
const exitListeners = new Set<() => void>();

const exit = (): void => {
  for (const listener of exitListeners) {
    try {
      listener();
    } catch {
      // The other listeners are still to be called, and the process no longer reports anything.
    }
  }
};

const onExit = (listener: () => void): (() => void) => {
  if (exitListeners.size === 0) process.on('exit', exit);
  exitListeners.add(listener);
  return () => {
    exitListeners.delete(listener);
    if (exitListeners.size === 0) process.off('exit', exit);
  };
};

/** The system of this process. */
export const nodeSystem: JournalSystem = {
  pid: process.pid,
  host: hostname(),
  open: openFile,
  realPath: realpath,
  syncFolderOf,
  create,
  textAt,
  remove: unlinkSync,
  stateOf: processState,
  onExit,
};
