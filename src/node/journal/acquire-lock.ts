import { randomUUID } from 'node:crypto';
import { JournalLockedError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import { shownPath } from '../../domain/quoting.ts';
import type { JournalSystem } from './journal-system.ts';

/** The content of a lock file: the process that holds the lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt?: string;
  /** Identifies this lock. */
  readonly nonce: string;
}

/**
 * Acquires a lock, and resolves with the function that releases it. The process also releases it when it exits. The
 * lock of a dead process is taken over.
 *
 * A dead lock is removed only by the holder of a second lock, which is named after the dead one. So if several processes
 * find the same dead lock, none of them removes the new lock of another.
 *
 * @throws {JournalLockedError} if another process, or this one, holds the lock.
 */
export const acquireLock = async (
  system: JournalSystem,
  path: string,
  journal: string,
): Promise<() => void> => {
  const { startedAt } = await system.stateOf(system.pid);
  const own: Holder = { pid: system.pid, host: system.host, nonce: randomUUID(), ...given({ startedAt }) };
  const content = JSON.stringify(own);
  while (!(await system.create(path, content))) await removeIfDead(system, path, journal);
  const forget = system.onExit(() => removeOwn(system, path, content));
  return () => {
    forget();
    removeOwn(system, path, content);
  };
};

/** Removes a lock file, unless another process has replaced it. */
const removeOwn = (system: JournalSystem, path: string, content: string): void => {
  if (system.textAt(path) === content) system.remove(path);
};

const removeIfDead = async (system: JournalSystem, path: string, journal: string): Promise<void> => {
  const content = system.textAt(path);
  // It has been released meanwhile.
  if (content === undefined) return;
  const holder = holderOf(content);
  if (holder === undefined) {
    throw new JournalLockedError(
      journal,
      `an unknown process; if no process writes it, delete ${shownPath(path)}`,
    );
  }
  const { pid, host, nonce } = holder;
  if (host !== system.host) {
    const remote = `process ${pid} on host ${JSON.stringify(host)}`;
    throw new JournalLockedError(journal, `${remote}; if it no longer runs, delete ${shownPath(path)}`, pid);
  }
  if (!(await isDead(system, holder))) {
    const local =
      pid === system.pid
        ? 'this process; close that journal first'
        : `process ${pid}; wait until it ends, or choose another path`;
    throw new JournalLockedError(journal, local, pid);
  }
  const releaseSecond = await acquireLock(system, `${path}.${nonce}`, journal);
  try {
    removeOwn(system, path, content);
  } finally {
    releaseSecond();
  }
};

const isDead = async (system: JournalSystem, { pid, startedAt }: Holder): Promise<boolean> => {
  const now = await system.stateOf(pid);
  return (
    !now.isAlive || (startedAt !== undefined && now.startedAt !== undefined && startedAt !== now.startedAt)
  );
};

const holderOf = (content: string): Holder | undefined => {
  try {
    const value: unknown = JSON.parse(content);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
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
