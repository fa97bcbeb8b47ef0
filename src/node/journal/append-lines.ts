import type { FileHandle } from 'node:fs/promises';
import { JournalWriteError } from '../../domain/errors.ts';

/** The size at which a write takes no more lines, in bytes. */
const BATCH_BYTES = 1_048_576;

/** Options of {@link appendLines}. */
export interface AppendOptions {
  readonly handle: FileHandle;
  /** The file, for error messages. */
  readonly path: string;
  /** The offset of the end of the file. */
  readonly end: number;
  /** Whether each write waits until the data is on the storage device. */
  readonly fsync: boolean;
}

/** Appends lines to one file, in the order of the calls. */
export interface LineAppender {
  /** Resolves after the line is written and `onWritten`, which receives its offset, is done. */
  append(line: string, onWritten: (position: number) => void | Promise<void>): Promise<void>;
  /** The offset after the last written line. */
  readonly end: number;
  /** Resolves when no write is in progress. Later lines are rejected. */
  close(): Promise<void>;
}

interface QueuedLine {
  readonly bytes: Buffer;
  readonly onWritten: (position: number) => void | Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: JournalWriteError) => void;
}

/**
 * Appends by group commit: lines that are appended during a write go into the next write together. So the number of
 * writes, and of syncs, does not grow with the number of lines. If a write fails, all later lines are rejected,
 * because the file may end anywhere.
 */
export const appendLines = ({ handle, path, end, fsync }: AppendOptions): LineAppender => {
  let queue: QueuedLine[] = [];
  let writing: Promise<void> | undefined;
  let failure: JournalWriteError | undefined;
  let isClosed = false;
  let position = end;

  const writeAll = async (batch: readonly QueuedLine[]): Promise<void> => {
    const bytes = Buffer.concat(batch.map((line) => line.bytes));
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, from, bytes.length - from, position + from);
      from += bytesWritten;
    }
    if (fsync) await handle.datasync();
    for (const { bytes, onWritten, resolve } of batch) {
      const pending = onWritten(position);
      if (pending !== undefined) await pending;
      position += bytes.length;
      resolve();
    }
  };

  const drain = async (): Promise<void> => {
    // Lets lines that are appended in the same turn join the first write.
    await Promise.resolve();
    while (queue.length > 0 && failure === undefined) {
      const lines = queue;
      queue = [];
      for (let from = 0; from < lines.length; ) {
        const to = batchEnd(lines, from);
        try {
          await writeAll(lines.slice(from, to));
        } catch (error) {
          failure = await writeError(error);
          for (const { reject } of lines.slice(from).concat(queue)) reject(failure);
          queue = [];
          break;
        }
        from = to;
      }
    }
    writing = undefined;
  };

  /** Removes what the failed write left, if possible; otherwise the next opening removes it. */
  const writeError = async (error: unknown): Promise<JournalWriteError> => {
    await handle.truncate(position).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    return new JournalWriteError(path, code ?? message, { cause: error });
  };

  return {
    append(line, onWritten) {
      if (failure !== undefined) return Promise.reject(failure);
      if (isClosed) return Promise.reject(new JournalWriteError(path, 'it is closed'));
      const bytes = Buffer.from(`${line}\n`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      queue.push({ bytes, onWritten, resolve, reject });
      writing ??= drain();
      return promise;
    },
    get end() {
      return position;
    },
    async close() {
      isClosed = true;
      await writing;
    },
  };
};

const batchEnd = (lines: readonly QueuedLine[], from: number): number => {
  let to = from;
  for (let bytes = 0; to < lines.length && bytes < BATCH_BYTES; to += 1)
    bytes += lines[to]?.bytes.length ?? 0;
  return to;
};
