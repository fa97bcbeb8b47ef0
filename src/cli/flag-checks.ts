import { closest } from '../domain/closest.ts';
import { type Check, faultsOf, nonEmpty, suchThat, trueOrFalse } from '../options.ts';
import { type Flag, type Flags, flagOf } from './flags.ts';

/** The checks of flags that are more than a name, a text or a switch. */
export type FlagChecks<Values> = Readonly<Partial<Record<keyof Values, Check>>>;

/** One of a few names. */
const oneName = (names: readonly string[]): Check =>
  suchThat(
    `one of ${names.join(', ')}`,
    (value) => (names as readonly unknown[]).includes(value),
    (value) => {
      const meant = typeof value === 'string' ? closest(value, names) : undefined;
      return meant === undefined ? undefined : `did you mean ${meant}?`;
    },
  );

const checkOf = ({ names, value }: Flag): Check => {
  if (names !== undefined) return oneName(names);
  return value === undefined ? trueOrFalse : nonEmpty;
};

/** Returns a fault of the library with the flag in place of the option. */
export const toFlagFault = (fault: string): string =>
  fault.replace(/^choice: /, '').replace(/^\w+: option "(\w+)"/, (_, option: string) => flagOf(option));

/** Returns the faults of the values of each flag, by its option. A flag with several values has a fault for each invalid one. */
export const faultsByFlag = <Values extends object>(
  values: Values,
  flags: Flags<Values>,
  checks: FlagChecks<Values>,
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries<Flag>(flags).map(([name, flag]) => {
      const check = checks[name as keyof Values] ?? checkOf(flag);
      const faults = [Reflect.get(values, name)]
        .flat()
        .flatMap((value) => faultsOf('flags', { [name]: value }, { [name]: check }));
      return [name, faults.map(toFlagFault)];
    }),
  );

/** Returns a fault for each invalid value of a flag. */
export const flagFaults = <Values extends object>(
  values: Values,
  flags: Flags<Values>,
  checks: FlagChecks<Values>,
): readonly string[] => Object.values(faultsByFlag(values, flags, checks)).flat();
