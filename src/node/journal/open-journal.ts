import { ConfigError, JournalCorruptError, JournalWriteError } from '../../domain/errors.ts';
import { runAside } from '../../domain/foreign.ts';
import { shownPath } from '../../domain/quoting.ts';
import type { Journal, JournalEntry } from '../../experiment/journal/journal.ts';
import { refuseOtherKey, toLine } from '../../experiment/journal/journal-line.ts';
import { checked, nonEmpty, ofType, refuse } from '../../options.ts';
import { pathFaults } from '../path-faults.ts';
import { causeAt } from '../unreadable.ts';
import { acquireLock } from './acquire-lock.ts';
import { appendLines, type LineAppender, writeWhole } from './append-lines.ts';
import { createEntryIndex, type EntryIndex } from './entry-index.ts';
import { fileChunks } from './file-chunks.ts';
import { headerLine, refuseOtherFingerprint } from './header.ts';
import type { JournalFile, JournalSystem } from './journal-system.ts';
import { createLineReader, type LineReader } from './line-reader.ts';
import { readEntry } from './read-entry.ts';
import { type Scan, scanJournal } from './scan-journal.ts';
import { type Line, lineBatches } from './split-lines.ts';

/** Options of `openJournal`. */
export interface JournalOptions {
  /**
   * Whether `append` waits until the entry is on the storage device, so that it survives a power failure. Otherwise it
   * survives only the end of the process. Default `false`.
   */
  readonly fsync?: boolean;
  /** Whether the journal is only read: it must exist, and is neither locked nor repaired. Default `false`. */
  readonly readOnly?: boolean;
  /** Identifies the setup of the calls, for example with `fingerprintOf`. A journal with another one is refused. */
  readonly fingerprint?: string;
  /** Receives a message if incomplete lines were ignored or dropped. Default: no message. */
  readonly onNotice?: (notice: string) => void;
}

/** Opens a journal on a system. */
export const openJournalOn = async (
  system: JournalSystem,
  path: string,
  options: JournalOptions,
): Promise<Journal> => {
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
  const file = await openFile(system, path, readOnly);
  let release = (): void => {};
  try {
    if (!readOnly) release = await acquireLockOf(system, file, path);
    const reader = createLineReader();
    const index = createEntryIndex((position) =>
      readEntry(file, path, position, position >= reader.sumsFrom),
    );
    const scan = await scanJournal(file, path, reader, index.add);
    if (reader.header !== undefined) refuseOtherFingerprint(path, reader.header, fingerprint);
    if (scan.tornLine !== undefined) {
      const notice = tornNotice(path, scan, file.state().size, readOnly);
      runAside('onNotice', () => onNotice?.(notice));
    }
    const lines = readOnly
      ? undefined
      : await prepareAppending(system, { file, path, reader, scan, fsync, fingerprint });
    return journalOf({ file, path, index, lines, end: scan.end, release });
  } catch (error) {
    await file.close().finally(release);
    throw error;
  }
};

const openFile = async (system: JournalSystem, path: string, readOnly: boolean): Promise<JournalFile> => {
  let file: JournalFile;
  try {
    file = await system.open(path, readOnly ? 'read' : 'write');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!readOnly || code === undefined) throw writeError(path, error);
    const reason = code === 'ENOENT' ? 'there is no such file' : code;
    throw new ConfigError([`openJournal: ${shownPath(path)} cannot be read: ${reason}`]);
  }
  if (file.state().isFile) return file;
  await file.close();
  // A pipe or a device cannot be read again.
  if (!readOnly) throw new JournalWriteError(path, 'it is not a regular file; choose another path');
  throw new ConfigError([`openJournal: ${shownPath(path)} is not a regular file; choose another path`]);
};

/** Acquires the lock of the file itself, which links to it share. */
const acquireLockOf = async (system: JournalSystem, file: JournalFile, path: string): Promise<() => void> => {
  try {
    const release = await acquireLock(system, `${await system.realPath(path)}.lock`, path);
    const { names } = file.state();
    if (names < 2) return release;
    release();
    throw new JournalWriteError(
      path,
      `it has ${names} hard links, and a lock protects only one of them; copy the file, and open the copy`,
    );
  } catch (error) {
    throw writeError(path, error, 'its lock cannot be created: ');
  }
};

/** Converts an error of the system. */
const writeError = (path: string, error: unknown, prefix = ''): unknown => {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined
    ? error
    : new JournalWriteError(path, `${prefix}${code}`, { cause: causeAt(path, error) });
};

const tornNotice = (path: string, { end, tornLine }: Scan, size: number, readOnly: boolean): string =>
  `${shownPath(path)}: the last ${size - end} bytes, from line ${tornLine}, are incomplete and ${readOnly ? 'ignored' : 'dropped'}`;

interface Preparation {
  readonly file: JournalFile;
  readonly path: string;
  readonly reader: LineReader;
  readonly scan: Scan;
  readonly fsync: boolean;
  readonly fingerprint: string | undefined;
}

/** Truncates the file behind its last entry, and writes the header unless the lines have sums already. */
const prepareAppending = async (
  system: JournalSystem,
  { file, path, reader, scan: { end, lacksBreak, tornLine }, fsync, fingerprint }: Preparation,
): Promise<LineAppender> => {
  const lineBreak = lacksBreak ? '\n' : '';
  const hasSums = reader.sumsFrom < Number.POSITIVE_INFINITY;
  const header = hasSums ? '' : headerLine(reader.header?.fingerprint ?? fingerprint, reader.sum);
  const missing = Buffer.from(`${lineBreak}${header === '' ? '' : `${header}\n`}`);
  try {
    if (tornLine !== undefined) await file.truncate(end);
    await writeWhole(file, missing, end);
    if (fsync) {
      await file.sync();
      await system.syncFolderOf(path);
    }
  } catch (error) {
    throw writeError(path, error);
  }
  if (header !== '') reader.read({ bytes: Buffer.from(header), offset: end + lineBreak.length });
  return appendLines({ file, path, end: end + missing.length, sum: reader.sum, fsync });
};

interface JournalParts {
  readonly file: JournalFile;
  readonly path: string;
  readonly index: EntryIndex;
  readonly lines: LineAppender | undefined;
  /** The offset of the end of the file when it was opened. */
  readonly end: number;
  readonly release: () => void;
}

const journalOf = ({ file, path, index, lines, end, release }: JournalParts): Journal => {
  let isClosed = false;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await lines?.close();
    isClosed = true;
    try {
      await file.close().finally(release);
    } catch (error) {
      throw writeError(path, error, 'closing it failed: ');
    }
  };
  const refuseIfClosed = (): void => {
    if (isClosed) refuse([`${shownPath(path)} is closed; open it again to read it`]);
  };
  return {
    async get(key) {
      refuseOtherKey(key);
      refuseIfClosed();
      try {
        return await index.find(key);
      } catch (error) {
        // Closing in between is the likelier cause than what the system says then.
        refuseIfClosed();
        throw error;
      }
    },
    async append(given) {
      if (lines === undefined) throw new JournalWriteError(path, 'it was opened with readOnly');
      const { line, entry } = toLine(given);
      await lines.append(line, (position) => index.add(entry, position));
    },
    async *entries() {
      refuseIfClosed();
      try {
        const batches = entryBatches(file, path, index, lines?.end ?? end);
        for await (const entries of batches) for (const entry of entries) yield entry;
      } catch (error) {
        refuseIfClosed();
        throw error;
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

/** Reads the entries up to an offset again, those of a chunk one after the other. */
async function* entryBatches(
  file: JournalFile,
  path: string,
  index: EntryIndex,
  end: number,
): AsyncGenerator<Iterable<JournalEntry>> {
  const reader = createLineReader();
  let next = 1;
  let read = 0;
  const current = function* (lines: readonly Line[]): Generator<JournalEntry> {
    for (const line of lines) {
      const entry = reader.read(line);
      if (entry === undefined) throw new JournalCorruptError(path, line.number);
      if ('key' in entry && index.isCurrent(entry.key, line.offset)) yield entry;
      next = line.number + 1;
      read = line.offset + line.bytes.length + (line.isWhole ? 1 : 0);
    }
  };
  for await (const lines of lineBatches(fileChunks(file, end))) yield current(lines);
  if (read < end) throw new JournalCorruptError(path, next);
}
