import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Check, type CheckContext, type CheckResult, contextOf } from '../../domain/check.ts';
import { calledAs, returned } from '../../domain/foreign.ts';
import { inTurn } from './in-turn.ts';
import { aCommand, ownEnvironment, type ProgramOptions } from './program-options.ts';
import { type ProgramEnd, type ProgramLimits, runProgram } from './run-program.ts';

/** A program of Node, if the caller has no command. */
export interface OwnProgram {
  /** The arguments of Node after its permissions. */
  readonly args: readonly string[];
  readonly input?: string;
}

/** What to run. */
export interface CodeRun {
  /** The files of the program by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly limits: ProgramLimits;
  readonly options: Pick<ProgramOptions, 'command' | 'env'>;
  /**
   * The program that is run if the caller gives no command. It may read its files alone.
   *
   * @param folder has the files.
   */
  readonly own: (folder: string) => OwnProgram;
  readonly signal: AbortSignal;
}

/** Runs a program in folders of its own, which are removed at the end. Its output names its files without their folder. */
export const runCode = ({ files, limits, options, own, signal }: CodeRun): Promise<ProgramEnd> =>
  inTurn(async () => {
    const root = await mkdtemp(join(await realpath(tmpdir()), 'crucible-ensemble-'));
    try {
      const folders = { files: join(root, 'files'), empty: join(root, 'empty') };
      await Promise.all(Object.values(folders).map((folder) => mkdir(folder)));
      await Promise.all(
        Object.entries(files).map(([name, text]) => writeFile(join(folders.files, name), text)),
      );
      const { command, env = ownEnvironment() } = options;
      if (command === undefined) {
        const { args, input = '' } = own(folders.files);
        const node = [process.execPath, '--permission', `--allow-fs-read=${folders.files}`, ...args];
        return withoutFolder(
          await runProgram({ command: node, folder: folders.empty, input, env: {}, limits, signal }),
          folders.files,
        );
      }
      const words =
        typeof command === 'function'
          ? calledAs('command', () => returned(command(folders.files), aCommand))
          : command;
      return withoutFolder(
        await runProgram({ command: words, folder: folders.files, input: '', env, limits, signal }),
        folders.files,
      );
    } finally {
      // What a command has written as another user stays.
      await rm(root, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
    }
  });

/** Leaves out the folder, which has a random name, so that a reason is the same in each run. */
const withoutFolder = (end: ProgramEnd, folder: string): ProgramEnd => ({
  ...end,
  output: end.output.replaceAll(`${pathToFileURL(folder).href}/`, '').replaceAll(`${folder}${sep}`, ''),
});

/** Returns a check that runs the code of an answer. An answer without code does not count. */
export const checkOfCode =
  (
    owner: string,
    code: (answer: unknown, context: CheckContext) => unknown,
    run: (text: string, context: CheckContext) => Promise<CheckResult>,
  ): Check =>
  async (answer, given) => {
    const context = contextOf(owner, given);
    const text = returned(code(answer, context), aText) as string;
    return text.trim() === '' ? 'the answer has no code' : run(text, context);
  };

const aText = (value: unknown): string | undefined => (typeof value === 'string' ? undefined : 'a text');

/** Why the limits ended a program, or why it did not begin; `undefined` if it ended by itself. */
export const limitReached = (
  owner: string,
  { why, code, output }: ProgramEnd,
  { timeoutMs, memoryMb, maxOutputBytes }: ProgramLimits,
): string | undefined => {
  if (why === 'time') return `the program did not end within ${timeoutMs} ms`;
  // V8 ends a process whose heap is full.
  if (why === 'memory' || (why === 'exit' && /heap out of memory|Fatal process out of memory/.test(output)))
    return `the program needed more than ${memoryMb} MiB`;
  if (why === 'output') return `the program printed more than ${maxOutputBytes} bytes`;
  if (why === 'aborted') return 'the program was cancelled';
  return why === 'unstartable'
    ? `${owner} cannot start the program (${code}): install it, or correct option "command"`
    : undefined;
};

/** The last line of an output that says something, cut if it is long. */
export const lastLineOf = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => !/^(Node\.js v|at |\}|[\^~|\s]*$)/.test(line))
    ?.slice(0, 300) ?? '';
