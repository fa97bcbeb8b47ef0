import { given } from '../domain/given.ts';
import type { Aim } from '../experiment/tuning/panel.ts';
import { between, refuse } from '../options.ts';
import { type ExperimentFlags, experimentFlags } from './experiment-flags.ts';
import { type Flags, flagFaults, number, text } from './flags.ts';

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

const { journal, sample, seed, json } = experimentFlags;
const amount = between(0, Number.MAX_VALUE);
const ratio = between(0, 1);

/** The flags of `tune`. */
export const tuneFlags: Flags<RawTuneFlags> = {
  maxCostUsd: number(
    '--max-cost-usd <usd>',
    'the most accurate panel with at most this average cost per question',
    amount,
  ),
  maxCalls: number(
    '--max-calls <n>',
    'the most accurate panel with at most this average number of calls per question',
    amount,
  ),
  minAccuracy: number(
    '--min-accuracy <share>',
    'the cheapest panel with at least this accuracy, 0..1',
    ratio,
  ),
  minPrecision: number(
    '--min-precision <share>',
    'the panel that answers the most questions with at least this precision, 0..1',
    ratio,
  ),
  panel: text('--panel <path>', 'file to write the panel to (default: the experiment file, as .panel.json)'),
  journal,
  sample,
  seed,
  json,
};

/** @throws {ConfigError} that lists every flag with an invalid value, and aims that exclude each other. */
export const parseTuneFlags = (path: string, raw: RawTuneFlags): TuneFlags => {
  const isGiven = (name: keyof RawTuneFlags): boolean => raw[name] !== undefined;
  const kinds = [['maxCostUsd', 'maxCalls'], ['minAccuracy'], ['minPrecision']] as const;
  const aims = kinds.filter((names) => names.some(isGiven));
  refuse([
    ...flagFaults(raw, tuneFlags),
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
