import type { FileHandle } from 'node:fs/promises';
import { JournalWriteError } from '../../domain/errors.ts';

/** How many bytes are written at a time, at least where more are waiting. */
const BATCH_BYTES = 1_048_576;

/** Options of {@link appendLines}. */
export interface AppendOptions {
  readonly handle: FileHandle;
  /** The file, as messages name it. */
  readonly path: string;
  /** Where the file ends. */
  readonly end: number;
  /** Whether each write is waited for to be on the medium. */
  readonly fsync: boolean;
}

/** Appends to one file, in the order of the calls. */
export interface LineAppender {
  /** Resolves once the line is written, and `onWritten`, which is told where it begins, is done. */
  append(line: string, onWritten: (position: number) => void | Promise<void>): Promise<void>;
  /** Where the file ends, up to what is written. */
  readonly end: number;
  /** Resolves once nothing is being written; what is appended later is refused. */
  close(): Promise<void>;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly onWritten: (position: number) => void | Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: JournalWriteError) => void;
}

/**
 * Group commit: lines that are appended while a write is out go into the next one together, so that the
 * number of writes, and of syncs, does not grow with the number of lines. After a write that fails, nothing
 * more is accepted: what would follow could not be trusted to be there.
 */
export const appendLines = ({ handle, path, end, fsync }: AppendOptions): LineAppender => {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let refusal: JournalWriteError | undefined;
  let isClosed = false;
  let position = end;

  const writeAll = async (batch: readonly Waiting[]): Promise<void> => {
    const bytes = Buffer.concat(batch.map((line) => line.bytes));
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, from, bytes.length - from, position + from);
      from += bytesWritten;
    }
    if (fsync) await handle.datasync();
    for (const { bytes, onWritten, resolve } of batch) {
      const told = onWritten(position);
      if (told !== undefined) await told;
      position += bytes.length;
      resolve();
    }
  };

  const drain = async (): Promise<void> => {
    // What is appended in the same turn goes along.
    await Promise.resolve();
    while (waiting.length > 0 && refusal === undefined) {
      const lines = waiting;
      waiting = [];
      for (let from = 0; from < lines.length; ) {
        const to = batchEnd(lines, from);
        try {
          await writeAll(lines.slice(from, to));
        } catch (error) {
          refusal = await failed(error);
          for (const { reject } of lines.slice(from).concat(waiting)) reject(refusal);
          waiting = [];
          break;
        }
        from = to;
      }
    }
    writing = undefined;
  };

  /** What was torn is taken back, where that can still be done; else the next opening does it. */
  const failed = async (error: unknown): Promise<JournalWriteError> => {
    await handle.truncate(position).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    return new JournalWriteError(path, code ?? message, { cause: error });
  };

  return {
    append(line, onWritten) {
      if (refusal !== undefined) return Promise.reject(refusal);
      if (isClosed) return Promise.reject(new JournalWriteError(path, 'it is closed'));
      const bytes = Buffer.from(`${line}\n`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ bytes, onWritten, resolve, reject });
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

const batchEnd = (lines: readonly Waiting[], from: number): number => {
  let to = from;
  for (let bytes = 0; to < lines.length && bytes < BATCH_BYTES; to += 1)
    bytes += lines[to]?.bytes.length ?? 0;
  return to;
};
