import { Readable, Writable } from 'node:stream';
import { run } from '../../src/cli/run.ts';

/** Options of {@link runCommand}. */
export interface RunCommandOptions {
  /** The content of standard input. */
  readonly input?: string | Readable;
  /** Whether standard output is a terminal. */
  readonly isTTY?: boolean;
  /** Whether standard input is a terminal. */
  readonly isInputTTY?: boolean;
  /** Whether standard error is a terminal. */
  readonly isErrorTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Receives every write to standard output; an error that it returns fails the write. */
  readonly onWrite?: (text: string) => Error | undefined;
  /** Receives every write to standard error. */
  readonly onErrorWrite?: (text: string) => void;
}

/** The result of a command. */
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
    isInputTTY = false,
    isErrorTTY = false,
    env = {},
    signal = new AbortController().signal,
    onWrite,
    onErrorWrite,
  }: RunCommandOptions = {},
): Promise<CommandResult> => {
  const written = { stdout: '', stderr: '' };
  const captured = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          written[name] += chunk;
          if (name === 'stderr') onErrorWrite?.(String(chunk));
          done(name === 'stdout' ? onWrite?.(String(chunk)) : undefined);
        },
      }),
      { isTTY: name === 'stdout' ? isTTY : isErrorTTY, columns: 120, rows: 40 },
    );
  const stdin = typeof input === 'string' ? Readable.from([input]) : input;
  const code = await run({
    argv,
    stdin: Object.assign(stdin, { isTTY: isInputTTY }),
    stdout: captured('stdout'),
    stderr: captured('stderr'),
    // Keeps the Ollama of this machine out of the tests.
    env: { OLLAMA_HOST: 'http://127.0.0.1:9', ...env },
    signal,
  });
  stdin.destroy();
  return { code, ...written };
};
