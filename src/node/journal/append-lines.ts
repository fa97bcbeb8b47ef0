import { JournalWriteError } from '../../domain/errors.ts';
import type { JournalFile } from './journal-system.ts';
import { type LineSum, withSum } from './line-sum.ts';

/** The size at which a write takes no more lines, in bytes. */
const BATCH_BYTES = 1_048_576;

/** Options of {@link appendLines}. */
export interface AppendOptions {
  readonly file: JournalFile;
  /** The path of the file, for error messages. */
  readonly path: string;
  /** The offset of the end of the file. */
  readonly end: number;
  /** The sum of the lines that precede it. */
  readonly sum: LineSum;
  /** Whether each write waits until the data is on the storage device. */
  readonly fsync: boolean;
}

/** Appends lines of JSON with their sums to one file, in the order of the calls. */
export interface LineAppender {
  /** Resolves after a line is written and `onWritten`, which receives its offset, is done. */
  append(json: string, onWritten: (position: number) => void | Promise<void>): Promise<void>;
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
 * because the file may end anywhere. So are they if another program has changed the file: nothing is written into a file
 * that was replaced, and nothing over the lines of another writer.
 */
export const appendLines = ({ file, path, end, sum, fsync }: AppendOptions): LineAppender => {
  let queue: QueuedLine[] = [];
  let writing: Promise<void> | undefined;
  let failure: JournalWriteError | undefined;
  let isClosed = false;
  let position = end;
  let lastSum = sum;

  const writeAll = async (batch: readonly QueuedLine[]): Promise<void> => {
    const bytes = Buffer.concat(batch.map((line) => line.bytes));
    await writeWhole(file, bytes, position);
    if (fsync) await file.sync();
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
          failure = changeError();
          if (failure !== undefined) throw failure;
          await writeAll(lines.slice(from, to));
        } catch (error) {
          failure ??= await writeError(error);
          for (const { reject } of lines.slice(from).concat(queue)) reject(failure);
          queue = [];
          break;
        }
        from = to;
      }
    }
    writing = undefined;
  };

  /** The error if another program has changed the file. What it wrote is not removed. */
  const changeError = (): JournalWriteError | undefined => {
    const { size, isAtPath } = file.state();
    if (!isAtPath)
      return new JournalWriteError(path, 'another program has moved, replaced or deleted the file');
    if (size === position) return undefined;
    return new JournalWriteError(
      path,
      `another program has changed the file, which has ${size} bytes instead of ${position}`,
    );
  };

  /** Removes what the failed write left, if possible; otherwise the next opening removes it. */
  const writeError = async (error: unknown): Promise<JournalWriteError> => {
    await file.truncate(position).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    return new JournalWriteError(path, code ?? message, { cause: error });
  };

  return {
    append(json, onWritten) {
      if (failure !== undefined) return Promise.reject(failure);
      if (isClosed) return Promise.reject(new JournalWriteError(path, 'it is closed'));
      const { line, sum } = withSum(json, lastSum);
      lastSum = sum;
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

/** Writes all bytes: one write may write only a part. */
export const writeWhole = async (file: JournalFile, bytes: Buffer, position: number): Promise<void> => {
  for (let from = 0; from < bytes.length; ) {
    const count = await file.write(bytes.subarray(from), position + from);
    if (count === 0) throw new Error('nothing was written');
    from += count;
  }
};

const batchEnd = (lines: readonly QueuedLine[], from: number): number => {
  let to = from;
  for (let bytes = 0; to < lines.length && bytes < BATCH_BYTES; to += 1)
    bytes += lines[to]?.bytes.length ?? 0;
  return to;
};
