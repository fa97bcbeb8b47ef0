import { Option } from 'commander';
import { given } from '../domain/given.ts';
import type { Aim } from '../experiment/tuning/panel.ts';
import { between, type Check, faultsOf, nonEmpty, refuse } from '../options.ts';
import { type ExperimentFlags, experimentChecks, experimentFlags, toNumber } from './experiment-flags.ts';
import { toFlagFault } from './parse-flags.ts';

/** What `tune` is asked for. */
export interface TuneFlags extends Pick<ExperimentFlags, 'journal' | 'sample' | 'seed' | 'json'> {
  readonly aim: Aim;
  /** Where the panel is written. */
  readonly panel: string;
}

/** What was written, unchecked. */
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

/** The flags of `tune`. */
export const tuneFlags = (): readonly Option[] => [
  new Option('--max-cost-usd <usd>', 'the most accurate that costs no more for a question').argParser(
    toNumber,
  ),
  new Option('--max-calls <n>', 'the most accurate with no more calls for a question').argParser(toNumber),
  new Option('--min-accuracy <share>', 'the cheapest that is so often right, 0..1').argParser(toNumber),
  new Option(
    '--min-precision <share>',
    'the one that answers most, so often right where it does, 0..1',
  ).argParser(toNumber),
  new Option('--panel <path>', 'where the panel is written (default: beside the experiment, .panel.json)'),
  ...experimentFlags().filter(({ long }) =>
    ['--journal', '--sample', '--seed', '--json'].includes(long ?? ''),
  ),
];

/** @throws {ConfigError} listing every flag with a value that cannot be, and aims that exclude one another. */
export const parseTuneFlags = (path: string, written: RawTuneFlags): TuneFlags => {
  const checks = { ...experimentChecks, ...bounds, panel: nonEmpty };
  const isGiven = (name: keyof RawTuneFlags): boolean => written[name] !== undefined;
  const kinds = [['maxCostUsd', 'maxCalls'], ['minAccuracy'], ['minPrecision']] as const;
  const aims = kinds.filter((names) => names.some(isGiven));
  refuse([
    ...faultsOf('tune', written, checks).map(toFlagFault),
    ...(aims.length > 1
      ? ['--max-cost-usd or --max-calls, --min-accuracy and --min-precision are different aims']
      : []),
  ]);
  const { maxCostUsd, maxCalls, minAccuracy, minPrecision, panel, ...flags } = written;
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
