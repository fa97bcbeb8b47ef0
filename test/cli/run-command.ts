import { Readable, Writable } from 'node:stream';
import { run } from '../../src/cli/run.ts';

/** How a command is run within the test's own process. */
export interface RunCommandOptions {
  /** What stands on standard input. */
  readonly input?: string | Readable;
  /** Whether standard output is a terminal. */
  readonly isTTY?: boolean;
  /** Whether standard error is one. */
  readonly isErrorTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Told of everything that is written to standard output; what it returns fails the write. */
  readonly onWrite?: (text: string) => Error | undefined;
}

/** What a command left behind. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, with streams that are captured. */
export const runCommand = async (
  argv: readonly string[],
  {
    input = '',
    isTTY = false,
    isErrorTTY = false,
    env = {},
    signal = new AbortController().signal,
    onWrite,
  }: RunCommandOptions = {},
): Promise<CommandResult> => {
  const written = { stdout: '', stderr: '' };
  const captured = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          written[name] += chunk;
          done(name === 'stdout' ? onWrite?.(String(chunk)) : undefined);
        },
      }),
      { isTTY: name === 'stdout' ? isTTY : isErrorTTY, columns: 120, rows: 40 },
    );
  const stdin = typeof input === 'string' ? Readable.from([input]) : input;
  const code = await run({
    argv,
    stdin,
    stdout: captured('stdout'),
    stderr: captured('stderr'),
    // No Ollama of the machine that the tests run on is asked.
    env: { OLLAMA_HOST: 'http://127.0.0.1:9', ...env },
    signal,
  });
  stdin.destroy();
  return { code, ...written };
};
