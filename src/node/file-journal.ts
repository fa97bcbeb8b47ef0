import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JournalWriteError } from '../domain/errors.ts';
import type { Journal } from '../experiment/journal/journal.ts';
import { toLine } from '../experiment/journal/journal-line.ts';
import { checked, nonEmpty, ofType, refuse } from '../options.ts';
import { acquireLock } from './journal/acquire-lock.ts';
import { appendLines, type LineAppender } from './journal/append-lines.ts';
import { createEntryIndex, type EntryIndex } from './journal/entry-index.ts';
import { fileChunks } from './journal/file-chunks.ts';
import { headerLine, refuseOther } from './journal/header.ts';
import { parseEntry } from './journal/parse-line.ts';
import { type Scan, scanJournal } from './journal/scan-journal.ts';
import { splitLines } from './journal/split-lines.ts';
import { pathFaults } from './path-faults.ts';

/** Options of {@link openJournal}. */
export interface JournalOptions {
  /**
   * Whether `append` waits until the entry is on the storage device, so that it survives a power failure. Otherwise it
   * survives only the end of the process. Default `false`.
   */
  readonly fsync?: boolean;
  /** Whether the journal is only read: it must exist, and is neither locked nor repaired. Default `false`. */
  readonly readOnly?: boolean;
  /** Identifies what the calls are made for, as `fingerprintOf` does. A journal with another one is refused. */
  readonly fingerprint?: string;
  /** Receives a message if incomplete lines were ignored or dropped. Default: no message. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * Opens a journal in a file: one line of JSON for each call, written when the call ends, so that the next process finds
 * it. An entry whose `append` has resolved survives the end of this process, however it ends; with `fsync`, also a
 * failure of the machine.
 *
 * ```text
 * append a    ^--|        a is written alone
 * append b     ^----|     b and c are written together after that
 * append c      ^---|
 * ```
 *
 * The first line is `{ journal, version, fingerprint? }`. Entries are read from the file; memory holds a table outside
 * of the heap, with 16 bytes a slot, up to two thirds full. Opening reads the whole file.
 *
 * Opening drops incomplete lines that a crash left at the end of the file, and notifies `onNotice`. Only one process
 * writes at a time: `<path>.lock` names it until `close`, or until it exits. The lock of a dead process is taken over.
 * If a write fails, that `append` and all later ones reject with `JournalWriteError`.
 *
 * @throws {ConfigError} if an option is invalid; if the file is not a journal, has another version or another
 *   fingerprint; if it does not exist and `readOnly` is set.
 * @throws {JournalCorruptError} if a damaged line is not at the end. The file is not changed.
 * @throws {JournalLockedError} if another process, or this one, has it open for writing.
 * @throws {JournalWriteError} if the file cannot be opened for writing.
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
  const { fsync, readOnly, fingerprint, onNotice } = checked(
    'openJournal',
    options,
    {
      fsync: [ofType('boolean'), false],
      readOnly: [ofType('boolean'), false],
      fingerprint: nonEmpty,
      onNotice: ofType('function'),
    },
    pathFaults('openJournal', path),
  );
  const handle = await openFile(path, readOnly);
  let release = async (): Promise<void> => {};
  try {
    // The real path, so that a link to the file uses the same lock.
    if (!readOnly) release = await lockOf(await realpath(path), path);
    const index = createEntryIndex(handle);
    const { size } = await handle.stat();
    const scan = await scanJournal(handle, path, size, index.add);
    if (scan.header !== undefined) refuseOther(path, scan.header, fingerprint);
    if (scan.tornLine !== undefined) onNotice?.(tornNotice(path, scan, size, readOnly));
    const lines = readOnly ? undefined : await prepareAppending(handle, path, scan, { fsync, fingerprint });
    return journalOf({ handle, path, index, lines, end: scan.end, release });
  } catch (error) {
    await handle.close().finally(release);
    throw error;
  }
};

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

const tornNotice = (path: string, { end, tornLine }: Scan, size: number, readOnly: boolean): string =>
  `${path}: the last ${size - end} bytes, from line ${tornLine}, are incomplete and ${readOnly ? 'ignored' : 'dropped'}`;

/** Truncates the file behind its last entry, and writes the header of a new file. */
const prepareAppending = async (
  handle: FileHandle,
  path: string,
  { header, end, lacksBreak, tornLine }: Scan,
  { fsync, fingerprint }: { readonly fsync: boolean; readonly fingerprint: string | undefined },
): Promise<LineAppender> => {
  const missing = header === undefined ? headerLine(fingerprint) : lacksBreak ? '\n' : '';
  try {
    if (tornLine !== undefined) await handle.truncate(end);
    if (missing !== '') await handle.write(missing, end);
    if (fsync) await sync(handle, path);
  } catch (error) {
    const { code = 'it cannot be repaired' } = error as NodeJS.ErrnoException;
    throw new JournalWriteError(path, code, { cause: error });
  }
  return appendLines({ handle, path, end: end + Buffer.byteLength(missing), fsync });
};

/** Syncs the file and its folder; without the latter, a new file may be lost. */
const sync = async (handle: FileHandle, path: string): Promise<void> => {
  await handle.sync();
  const folder = await open(dirname(path)).catch(() => undefined);
  // Windows does not open folders, and does not need this.
  await folder?.sync().finally(() => folder.close());
};

interface JournalParts {
  readonly handle: FileHandle;
  readonly path: string;
  readonly index: EntryIndex;
  readonly lines: LineAppender | undefined;
  /** The offset of the end of the file when it was opened. */
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
      if (lines === undefined) throw new JournalWriteError(path, 'it was opened with readOnly');
      await lines.append(toLine(entry), (position) => index.add(entry, position));
    },
    async *entries() {
      const chunks = fileChunks(handle, lines?.end ?? end);
      for await (const { bytes, offset, number } of splitLines(chunks)) {
        const entry = number === 1 ? undefined : parseEntry(bytes);
        if (entry !== undefined && index.isCurrent(entry.key, offset)) yield entry;
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
