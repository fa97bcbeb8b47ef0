import { faultsOf } from '../options.ts';
import { type PredictFlags, predictFlags } from './predict-flags.ts';

const specifications = Object.entries(predictFlags);
const checks = Object.fromEntries(specifications.map(([name, { check }]) => [name, check]));

/** The flag of an option: `--timeout-ms` for `timeoutMs`. */
const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A fault as the library words it, in terms of the flag that was written. */
export const toFlagFault = (fault: string): string =>
  fault.replace(/^choice: /, '').replace(/^\w+: option "(\w+)"/, (_, option: string) => flagOf(option));

/** Flags that say something about one other choice only, and what they need. */
const requirements = [
  ['minConsensus', '--execution sequential', ({ execution }) => execution === 'sequential'],
  ['hedgeDelayMs', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['maxHedges', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['confidenceThreshold', '--execution cascade', ({ execution }) => execution === 'cascade'],
  ['withLatency', '--replay', ({ replay }) => replay !== undefined],
] as const satisfies readonly (readonly [keyof PredictFlags, string, (flags: PredictFlags) => boolean])[];

/** Flags that cannot be given together. */
const conflicts = [
  ['choices', 'normalization'],
  ['models', 'replay'],
  ['simulate', 'models'],
  ['seed', 'models'],
  ['simulate', 'replay'],
  ['seed', 'replay'],
] as const satisfies readonly (readonly [keyof PredictFlags, keyof PredictFlags])[];

/** The flags whose values can be used, and what is wrong with the rest. */
export interface ParsedFlags {
  readonly flags: PredictFlags;
  readonly faults: readonly string[];
}

/** Reads the texts of flags into values. */
export const parseFlags = (given: Readonly<Record<string, unknown>>): ParsedFlags => {
  const values = Object.fromEntries(
    specifications.flatMap(([name, { read }]) => {
      const value = given[name];
      return value === undefined ? [] : [[name, typeof value === 'string' ? read(value) : value]];
    }),
  );
  const isSound = ([name, value]: [string, unknown]): boolean => checks[name]?.(value) === undefined;
  const all = values as PredictFlags;
  // What a misspelt execution needs, nobody knows.
  const isClear = all.execution === undefined || isSound(['execution', all.execution]);
  return {
    flags: Object.fromEntries(Object.entries(values).filter(isSound)),
    faults: [
      ...faultsOf('predict', values, checks).map(toFlagFault),
      ...requirements
        .filter(([name, , isMet]) => all[name] !== undefined && isClear && !isMet(all))
        .map(([name, needed]) => `${flagOf(name)} needs ${needed}`),
      ...conflicts
        .filter(([one, other]) => all[one] !== undefined && all[other] !== undefined)
        .map(([one, other]) => `${flagOf(one)} and ${flagOf(other)} cannot be given together`),
    ],
  };
};
