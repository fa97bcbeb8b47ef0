import type { Writable } from 'node:stream';

/** A stream to write to, which may be a terminal. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Whether a stream is a terminal. Some terminal recorders report a size of 0. */
export const isTerminal = ({ isTTY, columns, rows }: OutputStream): boolean =>
  isTTY === true && columns !== 0 && rows !== 0;

/** A stream that its reader may close, as `| head` does, or that may fail, as a full disk does. */
export interface Output {
  readonly stream: OutputStream;
  /** Writes lines; does nothing after a failure. */
  print(...lines: readonly string[]): void;
  /** Aborts when the stream can no longer be written. */
  readonly closed: AbortSignal;
  /** Waits until everything is written, and resolves with the error of the stream, if there was one. */
  flushed(): Promise<NodeJS.ErrnoException | undefined>;
}

/** Wraps a stream so that its error is a value rather than an uncaught exception. */
export const createOutput = (stream: OutputStream): Output => {
  const controller = new AbortController();
  let failure: NodeJS.ErrnoException | undefined;
  stream.on('error', (error) => {
    failure ??= error;
    controller.abort(error);
  });
  return {
    stream,
    closed: controller.signal,
    print: (...lines) => {
      if (failure === undefined) stream.write(lines.map((line) => `${line}\n`).join(''));
    },
    flushed: async () => {
      // A failing write passes its error to this callback before the stream emits it.
      const late = await new Promise<Error | null | undefined>((resolve) => stream.write('', resolve));
      return failure ?? late ?? undefined;
    },
  };
};
