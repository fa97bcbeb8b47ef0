import { closeSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../domain/errors.ts';
import { isObject } from '../domain/is-object.ts';
import { shownPath } from '../domain/quoting.ts';
import { memorySpendStore, type SpendStore } from '../server/spend-store.ts';
import { acquireLock } from './journal/acquire-lock.ts';
import { nodeSystem } from './journal/node-system.ts';
import { unreadable } from './unreadable.ts';

/** A spend store in a file, which belongs to this process until it is closed. */
export interface SpendFile extends SpendStore {
  close(): void;
}

interface Entry {
  readonly key: string;
  readonly period: string;
  readonly usd: number;
}

/**
 * Opens a file that keeps what each key of a server has spent: a line of JSON for each prediction. Opening it replaces these
 * lines by their sums. A line is written before the next request is answered, so that a process that is killed loses the cost of
 * what was in flight, and no more.
 *
 * @throws {ConfigError} if the file cannot be read or a line of it is damaged; {@link JournalLockedError} if another process
 *   has it open.
 */
export const openSpendFile = async (path: string): Promise<SpendFile> => {
  const release = await acquireLock(nodeSystem, `${path}.lock`, path);
  try {
    const entries = await readEntries(path);
    const sums = memorySpendStore();
    const places = new Map<string, Omit<Entry, 'usd'>>();
    for (const { key, period, usd } of entries) {
      sums.add(key, period, usd);
      places.set(JSON.stringify([key, period]), { key, period });
    }
    const lines = [...places.values()].map(({ key, period }) =>
      lineOf({ key, period, usd: sums.spent(key, period) }),
    );
    writeFileSync(`${path}.new`, lines.join(''), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    const file = openSync(path, 'a');
    return {
      spent: sums.spent,
      add(key, period, usd) {
        sums.add(key, period, usd);
        writeSync(file, lineOf({ key, period, usd }));
      },
      close() {
        closeSync(file);
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
};

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

const readEntries = async (path: string): Promise<readonly Entry[]> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw unreadable(path, error);
  });
  // What a killed process has not finished has no line break.
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const entry = parsed(line);
    if (isEntry(entry)) return entry;
    throw new ConfigError([
      `${shownPath(path)}, line ${index + 1}: expected { "key", "period", "usd" }; correct the line, or remove it and what it counts`,
    ]);
  });
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const isEntry = (value: unknown): value is Entry => {
  if (!isObject(value)) return false;
  const { key, period, usd } = value as Partial<Entry>;
  return typeof key === 'string' && typeof period === 'string' && Number.isFinite(usd);
};
