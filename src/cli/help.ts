import { type CommandName, commands, examples, NAME } from './commands.ts';
import { type Flag, flagOf } from './flags.ts';
import { commonFlags } from './parse-arguments.ts';

/** A term of a list of the help, and what it means. */
type Entry = readonly [term: string, meaning: string];

/** Returns the help of the program. */
export const programHelp = (columns: number): string =>
  joined(
    `Usage: ${NAME} [options] [command]`,
    'Ask several language models one question and vote on the answers.',
    section('Options', Object.entries(commonFlags).map(flagEntry), columns),
    section(
      'Commands',
      Object.entries(commands).map(([name, { description }]) => [synopsis(name as CommandName), description]),
      columns,
    ),
    `The options of predict: ${NAME} predict --help`,
    examples,
  );

/** Returns the help of a command. */
export const commandHelp = (name: CommandName, columns: number): string => {
  const { description, argument, flags, notes } = commands[name];
  const shownFlags = { ...flags, help: commonFlags.help };
  return joined(
    `Usage: ${NAME} ${synopsis(name)}`,
    description,
    argument && section('Arguments', [[argument.value.slice(1, -1), argument.description]], columns),
    section('Options', Object.entries<Flag>(shownFlags).map(flagEntry), columns),
    notes,
  );
};

const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join('\n\n');

const synopsis = (name: CommandName): string => {
  const { argument, flags } = commands[name];
  return [name, ...(Object.keys(flags).length > 0 ? ['[options]'] : []), argument?.value].join(' ').trim();
};

const flagEntry = ([option, { short, value, names, description }]: readonly [string, Flag]): Entry => [
  [short === undefined ? '' : `-${short}, `, flagOf(option), value === undefined ? '' : ` ${value}`].join(''),
  names === undefined ? description : `${description}; one of ${names.join(', ')}`,
];

/** Returns a headed list, with the meanings in a column of their own. */
const section = (heading: string, entries: readonly Entry[], columns: number): string => {
  const width = Math.max(...entries.map(([term]) => term.length));
  const indent = width + 4;
  const lines = entries.map(([term, meaning]) => {
    const [first = '', ...others] = wrapped(meaning, Math.max(columns - indent, MIN_MEANING));
    return [`  ${term.padEnd(width)}  ${first}`, ...others.map((line) => ' '.repeat(indent) + line)].join(
      '\n',
    );
  });
  return [`${heading}:`, ...lines].join('\n');
};

/** The minimum width of a meaning, however narrow the terminal is. */
const MIN_MEANING = 30;

/** Breaks a text into lines, between words. */
const wrapped = (text: string, width: number): readonly string[] =>
  Array.from(
    text.matchAll(new RegExp(`(\\S{${width},}|.{1,${width}})(?: |$)`, 'g')),
    ([, line = '']) => line,
  );
