import { Option } from 'commander';
import { given } from '../domain/given.ts';
import type { Aim } from '../experiment/tuning/panel.ts';
import { between, type Check, faultsOf, nonEmpty, refuse } from '../options.ts';
import { type ExperimentFlags, experimentChecks, experimentFlags } from './experiment-flags.ts';
import { toFlagFault } from './parse-flags.ts';
import { toNumber } from './to-number.ts';

/** The values of the flags of `tune`. */
export interface TuneFlags extends Pick<ExperimentFlags, 'journal' | 'sample' | 'seed' | 'json'> {
  readonly aim: Aim;
  /** The path to write the panel to. */
  readonly panel: string;
}

/** The flags as given, unchecked. */
export interface RawTuneFlags extends Omit<TuneFlags, 'aim' | 'panel'> {
  readonly maxCostUsd?: number;
  readonly maxCalls?: number;
  readonly minAccuracy?: number;
  readonly minPrecision?: number;
  readonly panel?: string;
}

const amount: Check = between(0, Number.MAX_VALUE);
const bounds: Readonly<Record<string, Check>> = {
  maxCostUsd: amount,
  maxCalls: amount,
  minAccuracy: between(0, 1),
  minPrecision: between(0, 1),
};

/** Returns the flags of `tune`. */
export const tuneFlags = (): readonly Option[] => [
  new Option(
    '--max-cost-usd <usd>',
    'the most accurate panel with at most this average cost per question',
  ).argParser(toNumber),
  new Option(
    '--max-calls <n>',
    'the most accurate panel with at most this average number of calls per question',
  ).argParser(toNumber),
  new Option('--min-accuracy <share>', 'the cheapest panel with at least this accuracy, 0..1').argParser(
    toNumber,
  ),
  new Option(
    '--min-precision <share>',
    'the panel that answers the most questions with at least this precision, 0..1',
  ).argParser(toNumber),
  new Option('--panel <path>', 'file to write the panel to (default: the experiment file, as .panel.json)'),
  ...experimentFlags().filter(({ long }) =>
    ['--journal', '--sample', '--seed', '--json'].includes(long ?? ''),
  ),
];

/** @throws {ConfigError} that lists every flag with an invalid value, and aims that exclude each other. */
export const parseTuneFlags = (path: string, raw: RawTuneFlags): TuneFlags => {
  const checks = { ...experimentChecks, ...bounds, panel: nonEmpty };
  const isGiven = (name: keyof RawTuneFlags): boolean => raw[name] !== undefined;
  const kinds = [['maxCostUsd', 'maxCalls'], ['minAccuracy'], ['minPrecision']] as const;
  const aims = kinds.filter((names) => names.some(isGiven));
  refuse([
    ...faultsOf('tune', raw, checks).map(toFlagFault),
    ...(aims.length > 1
      ? ['use only one aim: --max-cost-usd and/or --max-calls, --min-accuracy, or --min-precision']
      : []),
  ]);
  const { maxCostUsd, maxCalls, minAccuracy, minPrecision, panel, ...flags } = raw;
  return {
    ...flags,
    panel: panel ?? path.replace(/(\.\w+)?$/, '.panel.json'),
    aim:
      minAccuracy !== undefined
        ? { minimize: 'cost', minAccuracy }
        : minPrecision !== undefined
          ? { maximize: 'coverage', minPrecision }
          : { maximize: 'accuracy', ...given({ maxCostUsd, maxCalls }) },
  };
};
