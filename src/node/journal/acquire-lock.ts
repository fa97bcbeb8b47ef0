import { randomUUID } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { link, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { JournalLockedError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import { parseLine } from './parse-line.ts';
import { processState } from './process-start.ts';

/** The content of a lock file: the process that holds the lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt?: string;
  /** Identifies this lock. */
  readonly nonce: string;
}

/** The locks of this process by path, to be removed when it exits. */
const held = new Map<string, Holder>();

const releaseAll = (): void => {
  for (const [path, { nonce }] of held) {
    try {
      if (asHolder(readFileSync(path))?.nonce === nonce) unlinkSync(path);
    } catch {
      // The process is exiting; the next one takes over a lock that is left behind.
    }
  }
};

/**
 * Acquires a lock, and resolves with the function that releases it. The process also releases it when it exits. The
 * lock of a dead process is taken over.
 *
 * The lock file appears at once with its whole content, by `link`. A dead lock is removed only by the holder of a
 * second lock, which is named after the dead one. So if several processes find the same dead lock, none of them
 * removes the new lock of another.
 *
 * @throws {JournalLockedError} if another process, or this one, holds the lock.
 */
export const acquireLock = async (path: string, journal: string): Promise<() => Promise<void>> => {
  const { startedAt } = await processState(process.pid);
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    nonce: randomUUID(),
    ...given({ startedAt }),
  };
  while (!(await createLock(path, own))) await removeIfDead(path, journal);
  if (held.size === 0) process.on('exit', releaseAll);
  held.set(path, own);
  return async () => {
    if (held.get(path) !== own) return;
    if ((await readHolder(path, journal))?.nonce === own.nonce) await unlink(path);
    held.delete(path);
    if (held.size === 0) process.off('exit', releaseAll);
  };
};

const createLock = async (path: string, own: Holder): Promise<boolean> => {
  const draft = `${path}.${own.nonce}.new`;
  try {
    await writeFile(draft, JSON.stringify(own), { flag: 'wx', flush: true });
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

const removeIfDead = async (path: string, journal: string): Promise<void> => {
  const holder = await readHolder(path, journal);
  if (holder === undefined) return;
  const { pid, host, nonce } = holder;
  if (host !== hostname()) {
    const remote = `process ${pid} on host ${JSON.stringify(host)}`;
    throw new JournalLockedError(journal, `${remote}; if it no longer runs, delete ${path}`, pid);
  }
  if (!(await isDead(holder))) {
    const local =
      pid === process.pid
        ? 'this process; close that journal first'
        : `process ${pid}; wait until it ends, or choose another path`;
    throw new JournalLockedError(journal, local, pid);
  }
  const release = await acquireLock(`${path}.${nonce}`, journal);
  try {
    if ((await readHolder(path, journal))?.nonce === nonce) await unlink(path);
  } finally {
    await release();
  }
};

const isDead = async ({ pid, startedAt }: Holder): Promise<boolean> => {
  const now = await processState(pid);
  return (
    !now.isAlive || (startedAt !== undefined && now.startedAt !== undefined && startedAt !== now.startedAt)
  );
};

/** Resolves with `undefined` if the lock has been released meanwhile. */
const readHolder = async (path: string, journal: string): Promise<Holder | undefined> => {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const holder = asHolder(bytes);
  if (holder !== undefined) return holder;
  throw new JournalLockedError(journal, `an unknown process; if no process writes it, delete ${path}`);
};

const asHolder = (bytes: Buffer): Holder | undefined => {
  const holder = parseLine(bytes);
  return isHolder(holder) ? holder : undefined;
};

/** Checked strictly, because the nonce becomes part of a path and a signal is sent to the process id. */
const isHolder = (value: unknown): value is Holder => {
  if (!isObject(value)) return false;
  const { pid, host, nonce } = value as Partial<Record<keyof Holder, unknown>>;
  return (
    Number.isSafeInteger(pid) &&
    (pid as number) > 0 &&
    typeof host === 'string' &&
    typeof nonce === 'string' &&
    /^[\da-f-]{36}$/.test(nonce)
  );
};
