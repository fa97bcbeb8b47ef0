import type { Readable, Writable } from 'node:stream';

/** A stream to write to, which may be a terminal. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Everything that the command line takes from the process it runs in, so that a test can give it another. */
export interface CliContext {
  /** The arguments, without those that started the program. */
  readonly argv: readonly string[];
  readonly stdin: Readable;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}
