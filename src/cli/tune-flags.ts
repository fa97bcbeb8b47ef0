import { given } from '../domain/given.ts';
import type { Aim } from '../experiment/tuning/panel.ts';
import { between, refuse } from '../options.ts';
import { type ExperimentFlags, experimentFlags } from './experiment-flags.ts';
import { type Flags, flagFaults, number, text } from './flags.ts';

/** The values of the flags of `tune`. */
export interface TuneFlags extends Pick<ExperimentFlags, 'journal' | 'sample' | 'seed' | 'json'> {
  readonly maxCostUsd?: number;
  readonly maxCalls?: number;
  readonly minAccuracy?: number;
  readonly minPrecision?: number;
  /** The path to write the panel to. */
  readonly panel?: string;
}

const { journal, sample, seed, json } = experimentFlags;
const amount = between(0, Number.MAX_VALUE);
const ratio = between(0, 1);

/** The flags of `tune`. */
export const tuneFlags: Flags<TuneFlags> = {
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

/**
 * Returns the aim that the flags describe.
 *
 * @throws {ConfigError} that lists every flag with an invalid value, and aims that exclude each other.
 */
export const aimOf = (flags: TuneFlags): Aim => {
  const { maxCostUsd, maxCalls, minAccuracy, minPrecision } = flags;
  const aims = [maxCostUsd ?? maxCalls, minAccuracy, minPrecision].filter((bound) => bound !== undefined);
  refuse([
    ...flagFaults(flags, tuneFlags),
    ...(aims.length > 1
      ? ['use only one aim: --max-cost-usd and/or --max-calls, --min-accuracy, or --min-precision']
      : []),
  ]);
  if (minAccuracy !== undefined) return { minimize: 'cost', minAccuracy };
  if (minPrecision !== undefined) return { maximize: 'coverage', minPrecision };
  return { maximize: 'accuracy', ...given({ maxCostUsd, maxCalls }) };
};
