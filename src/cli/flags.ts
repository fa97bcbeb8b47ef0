/** A flag of the command line. Parsing, help and shell completion read it; its check is next to its command. */
export interface Flag {
  readonly description: string;
  /** The letter of the short form. */
  readonly short?: string;
  /** The value in the help, such as `<ms>`. A flag without one takes no value. */
  readonly value?: string;
  /** The only values. */
  readonly names?: readonly string[];
  /** The value is a number. */
  readonly isNumber?: true;
  /** `again`: the flag may be given several times. `list`: it also takes several values in a row. */
  readonly repeats?: 'again' | 'list';
  /** What a shell completes the value with. */
  readonly completes?: 'files' | 'models';
}

/** The flags of a command by the names of their options. A flag is that name in kebab case. */
export type Flags<Values> = Readonly<Record<keyof Values, Flag>>;

/** Returns the flag of an option: `--timeout-ms` for `timeoutMs`. */
export const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
