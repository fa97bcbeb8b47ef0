import { closest } from '../domain/closest.ts';
import { ConfigError, CrucibleError } from '../domain/errors.ts';
import { plainName } from '../domain/quoting.ts';
import { printable } from '../rendering/printable.ts';
import { inCommandLineWords } from './command-line-words.ts';
import { type CommandName, commands, isCommand, NAME } from './commands.ts';
import { exitCodes } from './exit-codes.ts';
import { type Flag, flagOf } from './flags.ts';
import type { Output } from './output.ts';
import type { ParsedArguments } from './parse-arguments.ts';

/**
 * Returns the faults of the arguments of a command, and of flags that it does not have, that lack a value or that have several.
 *
 * @param isNamed whether the command is named; without a name it is `predict`.
 */
export const argumentFaults = (
  name: CommandName,
  { args, unknown, incomplete, repeated, values }: ParsedArguments,
  isNamed: boolean,
): readonly string[] => {
  const ofFlags = [
    ...unknown.map((flag) => unknownFlag(flag, Object.keys(commands[name].flags))),
    ...incomplete.map((flag) => `${flag} needs a value`),
    ...repeated.map((option) => repeatedFlag(option, commands[name].flags)),
  ];
  // The value of an unknown flag looks like another argument.
  if (unknown.length > 0) return ofFlags;
  const ofArguments =
    name === 'predict' ? questionFaults(args, values, isNamed) : commandArgumentFaults(name, args);
  return [...ofFlags, ...ofArguments];
};

const questionFaults = (
  args: readonly string[],
  { input, lines }: ParsedArguments['values'],
  isNamed: boolean,
): readonly string[] => {
  const source = lines === true ? '--lines' : input === undefined ? undefined : '--input';
  if (source !== undefined)
    return args.length === 0 ? [] : [`a question and ${source} exclude each other; remove one`];
  const meant = isNamed ? undefined : meantCommand(args[0] ?? '');
  if (meant !== undefined) {
    const word = plainName(args[0]);
    return [
      `there is no command ${word}; did you mean ${meant}? To ask it as a question, write ${NAME} predict "${word}"`,
    ];
  }
  if (args.length > 1) return [`expected one question, but got ${args.length} arguments: put it in quotes`];
  return args[0] === undefined || args[0].trim() === ''
    ? [
        'the question is missing; put it in quotes, use - to read it from standard input, or --input <file> for many',
      ]
    : [];
};

const commandArgumentFaults = (name: CommandName, args: readonly string[]): readonly string[] => {
  const { argument } = commands[name];
  const [word] = args;
  if (argument === undefined)
    return args.length === 0 ? [] : [`${name} takes no argument, but got ${args.length}; remove it`];
  const what = argument.value.slice(1, -1);
  if (args.length > 1)
    return [`expected one ${what}, but got ${args.length} arguments; put a name with spaces in quotes`];
  if (word === undefined)
    return argument.value.startsWith('<')
      ? [`the ${what} is missing; write ${NAME} ${name} ${argument.value}`]
      : [];
  if (name === 'help' && !isCommand(word)) {
    const meant = meantCommand(word);
    return [
      `there is no command ${plainName(word)}${meant === undefined ? `; the commands are ${Object.keys(commands).join(', ')}` : `; did you mean ${meant}?`}`,
    ];
  }
  return argument.names === undefined || argument.names.includes(word)
    ? []
    : [`the ${what} must be one of ${argument.names.join(', ')}, but got ${plainName(word)}`];
};

/** The command that a word probably is. A question has several words. */
const meantCommand = (word: string): string | undefined => {
  const names = Object.keys(commands);
  const letters = (text: string): string => [...text].sort().join('');
  return /^[a-z-]{3,}$/i.test(word)
    ? (names.find((name) => letters(name) === letters(word)) ?? closest(word, names))
    : undefined;
};

const repeatedFlag = (option: string, flags: Readonly<Record<string, Flag>>): string =>
  `${flagOf(option)} is given more than once; ${flags[option]?.value === '<list>' ? 'give one list, separated by commas' : 'give it once'}`;

const unknownFlag = (flag: string, options: readonly string[]): string => {
  const option = flag
    .replace(/^-+|=.*/gs, '')
    .replace(/-+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  // Its value may be a key.
  const given = plainName(flag.replace(/=.*/s, ''));
  if (options.includes(option) && flag.includes('='))
    return `${given} takes no value; remove "=" and the value`;
  const meant = closest(option, options);
  return `unknown option ${given}${meant === undefined ? '' : `; did you mean ${flagOf(meant)}?`}`;
};

/** Prints an error of a command, and returns the exit code. Throws what is no error of the library. */
export const reportFailure = async (error: unknown, name: CommandName, errors: Output): Promise<number> => {
  if (error instanceof ConfigError) {
    const shown = error.faults.map((fault) => printable(inCommandLineWords(fault), 400));
    const lines =
      shown.length === 1
        ? [`${NAME}: ${shown[0]}`]
        : [`${NAME}: ${shown.length} problems`, ...shown.map((fault) => `- ${fault}`)];
    errors.print(...lines, `See ${NAME} ${name === 'help' ? 'predict' : name} --help.`);
    return exitCodes.usage;
  }
  if (!(error instanceof CrucibleError)) throw error;
  const { experimentFailureLines } = await import('./experiment-failure-lines.ts');
  errors.print(...experimentFailureLines(error));
  return exitCodes.failure;
};
