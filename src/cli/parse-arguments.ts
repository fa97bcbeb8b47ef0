import { type Flag, flagOf } from './flags.ts';

/** The arguments of a command line, read by the flags of its command. */
export interface ParsedArguments {
  /** The values of the flags by option. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  /** The arguments that look like flags, but that the command does not have. */
  readonly unknown: readonly string[];
  /** The flags that lack their value. */
  readonly incomplete: readonly string[];
  /** The options with several values that take one. */
  readonly repeated: readonly string[];
  readonly isHelp: boolean;
  readonly isVersion: boolean;
}

/** The flags of every command. */
export const commonFlags = {
  help: { short: 'h', description: 'print this help' },
  version: { short: 'V', description: 'print the version' },
} as const satisfies Readonly<Record<string, Flag>>;

/** Reads arguments: `--flag value`, `--flag=value`, `-f value` or `-fvalue`. All that follows `--` are arguments. */
export const parseArguments = (
  argv: readonly string[],
  flags: Readonly<Record<string, Flag>>,
): ParsedArguments => {
  const known = Object.entries<Flag>({ ...flags, ...commonFlags });
  const values: Record<string, unknown> = {};
  const args: string[] = [];
  const unknown: string[] = [];
  const incomplete: string[] = [];
  const repeated = new Set<string>();
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      args.push(...rest);
      break;
    }
    if (!isFlag(word)) {
      args.push(word);
      continue;
    }
    const [, name, , joined] = /^(--[^=]*|-.)(=?)(.*)$/s.exec(word) ?? [];
    const [option, flag] =
      known.find(([one, { short }]) => name === flagOf(one) || name === `-${short}`) ?? [];
    const isJoined = name !== word;
    if (option === undefined || flag === undefined || (flag.value === undefined && isJoined)) {
      unknown.push(word);
    } else if (flag.value === undefined) {
      values[option] = true;
    } else {
      const given = isJoined ? joined : rest.shift();
      if (given === undefined) incomplete.push(flagOf(option));
      else if (flag.repeats === undefined) {
        if (Object.hasOwn(values, option)) repeated.add(option);
        values[option] = flag.isNumber ? toNumber(given) : given;
      } else {
        const more = flag.repeats === 'list' ? rest.splice(0, firstFlagOf(rest)) : [];
        values[option] = [...((values[option] as string[] | undefined) ?? []), given, ...more];
      }
    }
  }
  const { help, version, ...others } = values;
  return {
    values: others,
    args,
    unknown,
    incomplete,
    repeated: [...repeated],
    isHelp: help === true,
    isVersion: version === true,
  };
};

/** Whether a word is meant as a flag. A question such as "-5 + 3" is not, nor is "-". */
const isFlag = (word: string): boolean => /^-(?:-|[a-z])/i.test(word);

const firstFlagOf = (words: readonly string[]): number => {
  const index = words.findIndex(isFlag);
  return index === -1 ? words.length : index;
};

/** Parses a number; any other text stays a text, so that a message can quote it. */
const toNumber = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
