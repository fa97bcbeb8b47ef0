import type { Readable } from 'node:stream';
import type { Output, OutputStream } from './output.ts';

/** Everything that the command line takes from its process, so that a test can pass its own. */
export interface CliContext {
  /** The arguments after the name of the program. */
  readonly argv: readonly string[];
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** The context of one command, with standard output and standard error wrapped. */
export interface CommandContext extends Pick<CliContext, 'stdin' | 'env' | 'signal'> {
  readonly output: Output;
  readonly errors: Output;
}
