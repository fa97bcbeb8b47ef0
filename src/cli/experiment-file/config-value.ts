import { ConfigError } from '../../domain/errors.ts';
import { shown } from '../../options.ts';

/** Makes something of options that were read from a file. */
export type Factory<Value> = (options: never) => Value;

/** A maker that takes no options, and says so where some are given: they would go unnoticed. */
export const withoutOptions =
  <Value>(make: () => Value): Factory<Value> =>
  (options: unknown) => {
    if (!isRecord(options) || Object.keys(options).length > 0) {
      throw new ConfigError([`${make.name} takes no options: write "${make.name}"`]);
    }
    return make();
  };

/** Collects what is wrong with a file, and where. */
export type OnFault = (where: string, fault: string) => void;

/** Whether this is an object with names and values, and no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Runs what may refuse its options; `undefined` where it does. */
export const collectFaults = <Value>(
  complain: OnFault,
  where: string,
  work: () => Value,
): Value | undefined => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) complain(where, fault);
    return undefined;
  }
};

/**
 * What a value of a file stands for: a name as it is, or `{ name: options }`, of which the function of that name
 * makes something. Everything else is left for others to judge.
 */
export const construct = (
  complain: OnFault,
  where: string,
  value: unknown,
  makers: Readonly<Record<string, Factory<unknown>>>,
): unknown => {
  if (!isRecord(value)) return value;
  const [[name, options] = [], ...others] = Object.entries(value) as [string?, unknown?][];
  const make = name !== undefined && Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make === undefined || others.length > 0) {
    const names = Object.keys(makers).map((maker) => `{ "${maker}": … }`);
    complain(where, `expected one of ${names.join(', ')}, but got ${shown(name ?? value)}`);
    return undefined;
  }
  return collectFaults(complain, where, () => make(options as never));
};
