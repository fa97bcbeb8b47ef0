import type { OutputStream } from './cli-context.ts';

/** A stream that may be closed by its reader, as `| head` does, or fail, as a full disk does. */
export interface Output {
  readonly stream: OutputStream;
  /** Writes lines. After a failure it does nothing. */
  print(...lines: readonly string[]): void;
  /** Aborts when nothing can be written any more. */
  readonly closed: AbortSignal;
  /** Waits until everything is written; yields what went wrong. */
  flushed(): Promise<NodeJS.ErrnoException | undefined>;
}

/** Wraps a stream so that an error of it is a value rather than an uncaught exception. */
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
      // Called back with the error of the stream, where it has one, before that is emitted.
      const late = await new Promise<Error | null | undefined>((resolve) => stream.write('', resolve));
      return failure ?? late ?? undefined;
    },
  };
};
