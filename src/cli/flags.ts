import { type Command, Option } from 'commander';
import { closest } from '../domain/closest.ts';
import { type Check, faultsOf, nonEmpty, ofType, suchThat } from '../options.ts';

/** A flag: its help and the parser of its text, and the check of its value. */
export interface Flag {
  readonly option: Option;
  readonly check: Check;
}

/** The flags of a command by the names of their options. A flag is that name in kebab case. */
export type Flags<Values> = Readonly<Record<keyof Values, Flag>>;

/** Parses a number; any other text stays a text, so that a message can quote it. */
const toNumber = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

/** Returns a flag with a number. */
export const number = (flags: string, description: string, check: Check): Flag => ({
  option: new Option(flags, description).argParser(toNumber),
  check,
});

/** Returns a flag with a text. */
export const text = (flags: string, description: string): Flag => ({
  option: new Option(flags, description),
  check: nonEmpty,
});

/** Returns a flag with one of a few names. */
export const choice = (flags: string, description: string, names: readonly string[]): Flag => ({
  // Without a parser, commander would stop at the first invalid choice.
  option: new Option(flags, description).choices(names).argParser(String),
  check: suchThat(
    `one of ${names.join(', ')}`,
    (value) => (names as readonly unknown[]).includes(value),
    (value) => {
      const meant = typeof value === 'string' ? closest(value, names) : undefined;
      return meant === undefined ? undefined : `did you mean ${meant}?`;
    },
  ),
});

/** Returns a flag without a value. */
export const toggle = (flags: string, description: string): Flag => ({
  option: new Option(flags, description),
  check: ofType('boolean'),
});

/** Adds flags to a command, and returns it. */
export const addFlags = (command: Command, flags: Flags<object>): Command =>
  Object.values<Flag>(flags).reduce((extended, { option }) => extended.addOption(option), command);

/** Returns the flag of an option: `--timeout-ms` for `timeoutMs`. */
export const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Returns a fault of the library with the flag in place of the option. */
export const toFlagFault = (fault: string): string =>
  fault.replace(/^choice: /, '').replace(/^\w+: option "(\w+)"/, (_, option: string) => flagOf(option));

/** The values of a flag, which may be given several times. */
const valuesOf = (value: unknown): readonly unknown[] => [value].flat();

/** Whether the value of a flag is valid, and each of several. */
export const isValid = ({ check }: Flag, value: unknown): boolean =>
  valuesOf(value).every((one) => check(one) === undefined);

/** Returns a fault for each invalid value of a flag. */
export const flagFaults = (values: object, flags: Flags<object>): readonly string[] =>
  Object.entries<Flag>(flags).flatMap(([name, { check }]) =>
    valuesOf(Reflect.get(values, name)).flatMap((value) =>
      faultsOf('flags', { [name]: value }, { [name]: check }).map(toFlagFault),
    ),
  );
