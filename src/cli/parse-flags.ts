import { faultsOf } from '../options.ts';
import { type PredictFlags, predictFlags } from './predict-flags.ts';

const specifications = Object.entries(predictFlags);
const checks = Object.fromEntries(specifications.map(([name, { check }]) => [name, check]));

/** Returns the flag of an option: `--timeout-ms` for `timeoutMs`. */
export const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Returns a fault of the library with the flag in place of the option. */
export const toFlagFault = (fault: string): string =>
  fault.replace(/^choice: /, '').replace(/^\w+: option "(\w+)"/, (_, option: string) => flagOf(option));

/** Flags that work only with another flag. */
const requirements = [
  ['minConsensus', '--execution sequential', ({ execution }) => execution === 'sequential'],
  ['hedgeDelayMs', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['maxHedges', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['confidenceThreshold', '--execution cascade', ({ execution }) => execution === 'cascade'],
  ['withLatency', '--replay', ({ replay }) => replay !== undefined],
] as const satisfies readonly (readonly [keyof PredictFlags, string, (flags: PredictFlags) => boolean])[];

/** Flags that exclude each other. */
const conflicts = [
  ['choices', 'normalization'],
  ['models', 'replay'],
  ['simulate', 'models'],
  ['seed', 'models'],
  ['simulate', 'replay'],
  ['seed', 'replay'],
] as const satisfies readonly (readonly [keyof PredictFlags, keyof PredictFlags])[];

/** The flags with valid values, and the faults of the others. */
export interface ParsedFlags {
  readonly flags: PredictFlags;
  readonly faults: readonly string[];
}

/** Parses the texts of flags into values. */
export const parseFlags = (texts: Readonly<Record<string, unknown>>): ParsedFlags => {
  const values = Object.fromEntries(
    specifications.flatMap(([name, { parse }]) => {
      const value = texts[name];
      return value === undefined ? [] : [[name, typeof value === 'string' ? parse(value) : value]];
    }),
  );
  const isValid = ([name, value]: [string, unknown]): boolean => checks[name]?.(value) === undefined;
  const all = values as PredictFlags;
  // If the execution is misspelt, its requirements are unknown.
  const isExecutionValid = all.execution === undefined || isValid(['execution', all.execution]);
  return {
    flags: Object.fromEntries(Object.entries(values).filter(isValid)),
    faults: [
      ...faultsOf('predict', values, checks).map(toFlagFault),
      ...requirements
        .filter(([name, , isMet]) => all[name] !== undefined && isExecutionValid && !isMet(all))
        .map(([name, needed]) => `${flagOf(name)} needs ${needed}`),
      ...conflicts
        .filter(([one, other]) => all[one] !== undefined && all[other] !== undefined)
        .map(([one, other]) => `${flagOf(one)} and ${flagOf(other)} exclude each other; remove one`),
    ],
  };
};
