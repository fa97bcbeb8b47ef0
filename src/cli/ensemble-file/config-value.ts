import { ConfigError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { shown } from '../../options.ts';

/** Creates a value from options that were read from a file. */
export type Factory<Value> = (options: never) => Value;

/** Returns a factory without options, which refuses options that would have no effect. */
export const withoutOptions =
  <Value>(create: () => Value): Factory<Value> =>
  (options: unknown) => {
    if (!isRecord(options) || Object.keys(options).length > 0) {
      throw new ConfigError([`${create.name} takes no options: write "${create.name}"`]);
    }
    return create();
  };

/** Receives each fault, with its place in a file or its flag. */
export type OnFault = (place: string, fault: string) => void;

/** Passes each fault of a `ConfigError` to `onFault`, and throws any other error. */
export const passFaults = (error: unknown, onFault: (fault: string) => void): undefined => {
  if (!(error instanceof ConfigError)) throw error;
  error.faults.forEach(onFault);
};

/** Runs `work`, and returns `undefined` if it throws a `ConfigError`, after passing its faults to `onFault`. */
export const collectFaults = <Value>(
  onFault: OnFault,
  place: string,
  work: () => Value,
): Value | undefined => {
  try {
    return work();
  } catch (error) {
    return passFaults(error, (fault) => onFault(place, fault));
  }
};

/**
 * Creates the value that `{ name: options }` describes with the factory of that name. Any other value, such as a name
 * or a number, is returned unchecked.
 */
export const construct = (
  onFault: OnFault,
  place: string,
  value: unknown,
  factories: Readonly<Record<string, Factory<unknown>>>,
): unknown => {
  if (!isRecord(value)) return value;
  const [[name, options] = [], ...others] = Object.entries(value) as [string?, unknown?][];
  const create = name !== undefined && Object.hasOwn(factories, name) ? factories[name] : undefined;
  if (create === undefined || others.length > 0) {
    const names = Object.keys(factories).map((factory) => `{ "${factory}": … }`);
    onFault(place, `expected one of ${names.join(', ')}, but got ${shown(name ?? value)}`);
    return undefined;
  }
  return collectFaults(onFault, place, () => create(options as never));
};
