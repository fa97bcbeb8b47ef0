import { codeIn } from '../../checks/code-in.ts';
import type { CheckContext } from '../../domain/check.ts';
import { isObject } from '../../domain/is-object.ts';
import { between, bound, type Check, durationMs, ofType, suchThat } from '../../options.ts';
import type { ProgramLimits } from './run-program.ts';

/** Options of checks that run a program. */
export interface ProgramOptions extends Partial<ProgramLimits> {
  /** Returns the code of an answer. Default: the longest fenced block of its text, or the text: {@link codeIn}. */
  readonly code?: (answer: unknown, context: CheckContext) => string;
  /** The name of the file with the code. Default `code.mjs`. */
  readonly file?: string;
  /**
   * The program that is run instead of Node, with its arguments: a list, or a function of the folder with the files, which is
   * also its working folder. It passes if it exits with 0. Its limits of memory and of files are up to it.
   */
  readonly command?: readonly string[] | ((folder: string) => readonly string[]);
  /** The environment of the command. Default: `PATH` and `HOME` alone, so that no key is in it. */
  readonly env?: Readonly<Record<string, string>>;
}

const isFileName = (value: unknown): boolean => typeof value === 'string' && /^[\w-][\w.-]*$/.test(value);

/** The check of the name of a file. */
export const aFileName: Check = suchThat('the name of a file, without a folder', isFileName);

const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string' && word !== '');

/** The environment that a program has by default. */
export const ownEnvironment = (): Readonly<Record<string, string>> => {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME };
};

/** The checks of the options. */
export const programSpecs = {
  code: [ofType('function'), (_answer: unknown, { response }: CheckContext) => codeIn(response.text)],
  file: [aFileName, 'code.mjs'],
  command: suchThat(
    'a list of words, or a function of a folder that returns one',
    (value) => typeof value === 'function' || isListOfTexts(value),
  ),
  env: suchThat(
    'an object of texts',
    (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
  ),
  timeoutMs: [durationMs, 10_000],
  memoryMb: [between(32, 1_048_576), 512],
  maxOutputBytes: [bound(1), 65_536],
} as const;

/** Expects the words of a command. */
export const aCommand = (value: unknown): string | undefined =>
  isListOfTexts(value) ? undefined : 'a list of words';

/** The reason why JavaScript cannot be run here; `undefined` if it can. */
export const withoutNode = (owner: string, command: unknown): readonly string[] =>
  command !== undefined || (process.versions.bun === undefined && !('Deno' in globalThis))
    ? []
    : [`${owner}: only Node can run a program without permissions: set option "command"`];
