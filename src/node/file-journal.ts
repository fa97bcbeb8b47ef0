import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JournalWriteError } from '../domain/errors.ts';
import type { Journal } from '../experiment/journal/journal.ts';
import { toLine } from '../experiment/journal/journal-line.ts';
import { faultsOf, nonEmpty, ofType, refuse, shown } from '../options.ts';
import { acquireLock } from './journal/acquire-lock.ts';
import { appendLines, type LineAppender } from './journal/append-lines.ts';
import { createEntryIndex, type EntryIndex } from './journal/entry-index.ts';
import { fileChunks } from './journal/file-chunks.ts';
import { headerLine, refuseOther } from './journal/header.ts';
import { readEntry } from './journal/read-entry.ts';
import { type Scan, scanJournal } from './journal/scan-journal.ts';
import { splitLines } from './journal/split-lines.ts';

/** Options of {@link openJournal}. */
export interface JournalOptions {
  /**
   * Whether an entry is written only once it is on the medium, so that it outlives a loss of power. Without,
   * it outlives the process, not the machine. Default `false`.
   */
  readonly fsync?: boolean;
  /** Whether the journal is only read: it must be there, is not locked, and not repaired. Default `false`. */
  readonly readOnly?: boolean;
  /** What the calls are made for, such as `fingerprintOf` gives; a journal begun for something else is refused. */
  readonly fingerprint?: string;
  /** Told of what was found torn and left out. Default: nobody is. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * A journal in a file: a line of JSON for each call, written through as the call ends, and found again by
 * the next process. An entry whose `append` has resolved survives the end of this process, however it ends;
 * with `fsync`, that of the machine too.
 *
 * ```text
 * append a    ^--|        a is written alone
 * append b     ^----|     b and c are written together, when that is done
 * append c      ^---|
 * ```
 *
 * The first line is `{ journal, version, fingerprint? }`. Memory holds 16 bytes a slot of a table that is up
 * to two thirds full, outside of the heap; entries are read from the file. Opening reads the whole file.
 *
 * What a crash left unfinished at the end of the file is dropped, and `onNotice` told. Only one process
 * writes at a time: `<path>.lock` names it until `close`, or until it exits; the lock of a process that is dead is
 * taken over. A write that fails rejects with `JournalWriteError`, as does every `append` after it.
 *
 * @throws {ConfigError} for options that cannot be, a file that is no journal, one of another version, one that
 *   was begun for something else, and one that is only to be read and is not there.
 * @throws {JournalCorruptError} where a line is damaged and is not the end. The file is left as it is.
 * @throws {JournalLockedError} where another process writes it.
 * @throws {JournalWriteError} where the file cannot be opened for writing.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openJournal } from 'crucible-ensemble/node';
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'calls.jsonl');
 * const journal = await openJournal(path);
 * await journal.append({ key: 'k1', model: 'small', status: 'answered', latencyMs: 420, response: { text: '4' } });
 * await journal.close();
 *
 * const reopened = await openJournal(path, { readOnly: true });
 * (await reopened.get('k1'))?.response?.text; // => '4'
 * reopened.count; // => 1
 * await reopened.close();
 * ```
 */
export const openJournal = async (path: string, options: JournalOptions = {}): Promise<Journal> => {
  refuse(journalFaults(path, options));
  const { readOnly = false } = options;
  const handle = await openFile(path, readOnly);
  let release = async (): Promise<void> => {};
  try {
    // By its real name, so that a link to it is the same journal.
    if (!readOnly) release = await lockOf(await realpath(path), path);
    const index = createEntryIndex(handle);
    const { size } = await handle.stat();
    const scan = await scanJournal(handle, path, size, index.note);
    if (scan.header !== undefined) refuseOther(path, scan.header, options.fingerprint);
    if (scan.tornLine !== undefined) notify(options, path, scan, size, readOnly);
    const lines = readOnly ? undefined : await prepared(handle, path, scan, options);
    return journalOf({ handle, path, index, lines, end: scan.end, release });
  } catch (error) {
    await handle.close().finally(release);
    throw error;
  }
};

const journalFaults = (path: unknown, options: unknown): readonly string[] => [
  ...(nonEmpty(path) === undefined ? [] : [`openJournal: the path must be a text, but got ${shown(path)}`]),
  ...faultsOf('openJournal', options, {
    fsync: ofType('boolean'),
    readOnly: ofType('boolean'),
    fingerprint: nonEmpty,
    onNotice: ofType('function'),
  }),
];

const openFile = async (path: string, readOnly: boolean): Promise<FileHandle> => {
  try {
    return await open(path, readOnly ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT);
  } catch (error) {
    const { code = 'it cannot be opened' } = error as NodeJS.ErrnoException;
    if (!readOnly) throw new JournalWriteError(path, code, { cause: error });
    refuse([`openJournal: ${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code}`]);
    throw error;
  }
};

const lockOf = async (realPath: string, path: string): Promise<() => Promise<void>> => {
  try {
    return await acquireLock(`${realPath}.lock`, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new JournalWriteError(path, `no lock: ${code}`, { cause: error });
  }
};

const notify = (
  { onNotice }: JournalOptions,
  path: string,
  { end, tornLine }: Scan,
  size: number,
  readOnly: boolean,
): void => {
  const action = readOnly ? 'are left out' : 'are dropped';
  onNotice?.(`${path}: the last ${size - end} bytes, from line ${tornLine} on, are torn and ${action}`);
};

/** Makes the file end where its last entry does, with a header before the first. */
const prepared = async (
  handle: FileHandle,
  path: string,
  { header, end, lacksBreak, tornLine }: Scan,
  { fsync = false, fingerprint }: JournalOptions,
): Promise<LineAppender> => {
  const missing = header === undefined ? headerLine(fingerprint) : lacksBreak ? '\n' : '';
  try {
    if (tornLine !== undefined) await handle.truncate(end);
    if (missing !== '') await handle.write(missing, end);
    if (fsync) await synced(handle, path);
  } catch (error) {
    const { code = 'it cannot be repaired' } = error as NodeJS.ErrnoException;
    throw new JournalWriteError(path, code, { cause: error });
  }
  return appendLines({ handle, path, end: end + Buffer.byteLength(missing), fsync });
};

/** A file that is new is on the medium only once its folder is. */
const synced = async (handle: FileHandle, path: string): Promise<void> => {
  await handle.sync();
  const folder = await open(dirname(path)).catch(() => undefined);
  // Windows opens no folders, and keeps them in order itself.
  await folder?.sync().finally(() => folder.close());
};

interface JournalParts {
  readonly handle: FileHandle;
  readonly path: string;
  readonly index: EntryIndex;
  readonly lines: LineAppender | undefined;
  /** Where the file ended when it was opened. */
  readonly end: number;
  readonly release: () => Promise<void>;
}

const journalOf = ({ handle, path, index, lines, end, release }: JournalParts): Journal => {
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await lines?.close();
    await handle.close().finally(release);
  };
  return {
    get: index.find,
    async append(entry) {
      if (lines === undefined) throw new JournalWriteError(path, 'it was opened to be read');
      await lines.append(toLine(entry), (position) => index.note(entry, position));
    },
    async *entries() {
      const chunks = fileChunks(handle, 0, lines?.end ?? end);
      for await (const { bytes, offset, number } of splitLines(chunks)) {
        const entry = number === 1 ? undefined : readEntry(bytes);
        if (entry !== undefined && index.counts(entry.key, offset)) yield entry;
      }
    },
    get count() {
      return index.count;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
