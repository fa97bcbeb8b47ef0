import { ConfigError } from './domain/errors.ts';

/** What an option must be: says what was expected, or nothing where the value is fine. */
export type Check = (value: unknown) => string | undefined;

/** The longest delay that timers take, in milliseconds: 2³¹ − 1, some 24.8 days. */
export const MAX_DELAY_MS = 2_147_483_647;

/** A value as an error message quotes it: a short text, or what kind of thing it is. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'function') return `function ${value.name}`.trim();
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};

/** A number from `least` to `most`, both included. */
export const between =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : `a number from ${least} to ${most}`;

/** A whole number from `least` on. */
export const wholeNumber =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least ? undefined : `a whole number from ${least} on`;

/** A whole number from `least` on, or `Infinity`. */
export const bound =
  (least: number): Check =>
  (value) =>
    value === Number.POSITIVE_INFINITY
      ? undefined
      : wholeNumber(least)(value) && `${wholeNumber(least)(value)}, or Infinity`;

/** A delay that timers can wait for. */
export const delayMs: Check = (value) =>
  between(0, MAX_DELAY_MS)(value) && `a number of milliseconds from 0 to ${MAX_DELAY_MS}`;

/** How long something may take: more than 0, or `Infinity` for no limit. */
export const limitMs: Check = (value) =>
  value === Number.POSITIVE_INFINITY || (value !== 0 && delayMs(value) === undefined)
    ? undefined
    : `a number of milliseconds above 0 up to ${MAX_DELAY_MS}, or Infinity`;

/** One of a few names, or something that another check accepts. */
export const oneOf =
  (names: readonly string[], otherwise: string, accepts: (value: unknown) => boolean = () => false): Check =>
  (value) =>
    accepts(value) || (typeof value === 'string' && names.includes(value))
      ? undefined
      : [...names.map((name) => `'${name}'`), otherwise].filter(Boolean).join(', ');

/** Something of one `typeof`. */
export const ofType =
  (type: 'string' | 'function' | 'boolean' | 'object'): Check =>
  (value) =>
    typeof value === type && value !== null ? undefined : `a ${type}`;

/** A text with something in it. */
export const nonEmpty: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty';

/** The faults of an options object, one sentence each; an option that is `undefined` was not given. */
export const faultsOf = (
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
): string[] => {
  if (typeof options !== 'object' || options === null) {
    return [`${owner}: expected an options object, but got ${shown(options)}`];
  }
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (!Object.hasOwn(checks, name)) {
      return [`${owner}: there is no option "${name}"; the options are ${Object.keys(checks).join(', ')}`];
    }
    const expected = checks[name]?.(value);
    return expected === undefined
      ? []
      : [`${owner}: option "${name}" must be ${expected}, but got ${shown(value)}`];
  });
};

/** Layers of options in one, a later one before an earlier one; an option that is `undefined` was not given. */
export const layered = <Options extends object>(...layers: readonly Options[]): Options =>
  Object.fromEntries(
    layers.flatMap((layer) => Object.entries(layer ?? {})).filter(([, value]) => value !== undefined),
  ) as Options;

/** @throws {ConfigError} listing every fault, where there is one. */
export const refuse = (faults: readonly string[]): void => {
  if (faults.length > 0) throw new ConfigError(faults);
};
