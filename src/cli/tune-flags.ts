import { type ExperimentFlags, experimentFlags } from './experiment-flags.ts';
import type { Flags } from './flags.ts';

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

/** The flags of `tune`. */
export const tuneFlags: Flags<TuneFlags> = {
  maxCostUsd: {
    value: '<usd>',
    isNumber: true,
    description: 'the most accurate panel with at most this average cost per question',
  },
  maxCalls: {
    value: '<n>',
    isNumber: true,
    description: 'the most accurate panel with at most this average number of calls per question',
  },
  minAccuracy: {
    value: '<share>',
    isNumber: true,
    description: 'the cheapest panel with at least this accuracy, 0..1',
  },
  minPrecision: {
    value: '<share>',
    isNumber: true,
    description: 'the panel that answers the most questions with at least this precision, 0..1',
  },
  panel: {
    value: '<path>',
    completes: 'files',
    description: 'file to write the panel to (default: the experiment file, as .panel.json)',
  },
  journal,
  sample,
  seed,
  json,
};
