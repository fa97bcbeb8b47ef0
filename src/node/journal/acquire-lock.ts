import { randomUUID } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { link, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { JournalLockedError } from '../../domain/errors.ts';
import { processState } from './process-start.ts';

/** Who holds a lock, as its file says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt?: string;
  /** Tells this lock from every other one. */
  readonly nonce: string;
}

/** The locks of this process, by path: what is left of them is removed when it exits. */
const held = new Map<string, Holder>();

const releaseAll = (): void => {
  for (const [path, { nonce }] of held) {
    try {
      if (asHolder(readFileSync(path, 'utf8'))?.nonce === nonce) unlinkSync(path);
    } catch {
      // The process is ending; a lock that is left behind is taken over by the next one.
    }
  }
};

/**
 * Holds a lock until it is released, or the process exits. The lock of a process that is dead is taken over.
 *
 * The lock is a file that appears at once with its whole content, by `link`. A dead lock is removed only by
 * the holder of a second lock that is named after the dead one, so that of several who find it dead no one
 * removes the fresh lock of another.
 *
 * @throws {JournalLockedError} where somebody else holds it.
 */
export const acquireLock = async (path: string, journal: string): Promise<() => Promise<void>> => {
  const { startedAt } = await processState(process.pid);
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    ...(startedAt !== undefined && { startedAt }),
    nonce: randomUUID(),
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
  if (holder.host !== hostname()) {
    const where = `process ${holder.pid} of host ${JSON.stringify(holder.host)}`;
    throw new JournalLockedError(journal, `${where}; if it is dead, delete ${path}`, holder.pid);
  }
  if (!(await isDead(holder))) {
    const who = holder.pid === process.pid ? 'this process' : `process ${holder.pid}`;
    throw new JournalLockedError(journal, who, holder.pid);
  }
  const release = await acquireLock(`${path}.${holder.nonce}`, journal);
  try {
    if ((await readHolder(path, journal))?.nonce === holder.nonce) await unlink(path);
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

/** Nothing where the lock has gone meanwhile. */
const readHolder = async (path: string, journal: string): Promise<Holder | undefined> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const holder = asHolder(text);
  if (holder !== undefined) return holder;
  throw new JournalLockedError(journal, `somebody who cannot be told; if nobody is, delete ${path}`);
};

const asHolder = (text: string): Holder | undefined => {
  try {
    const holder: unknown = JSON.parse(text);
    return isHolder(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
};

/** The nonce becomes a part of a path, and the number is signalled: neither is taken as it comes. */
const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  Number.isSafeInteger(value.pid) &&
  (value.pid as number) > 0 &&
  'host' in value &&
  typeof value.host === 'string' &&
  'nonce' in value &&
  typeof value.nonce === 'string' &&
  /^[\da-f-]{36}$/.test(value.nonce);
