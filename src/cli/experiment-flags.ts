import type { Flags } from './flags.ts';

/** The values of the flags of `run`, `rescore` and `report`. */
export interface ExperimentFlags {
  readonly journal?: string;
  readonly concurrency?: number;
  readonly sample?: number;
  readonly seed?: string;
  readonly json?: boolean;
  readonly report?: readonly string[];
}

/** The values of the flags of `run`, which makes calls. */
export interface RunFlags extends ExperimentFlags {
  readonly maxUsd?: number;
  readonly yesBelow?: number;
  readonly yes?: boolean;
}

/** The flags of `run`, `rescore` and `report`. */
export const experimentFlags: Flags<ExperimentFlags> = {
  journal: {
    value: '<path>',
    completes: 'files',
    description: 'file with the recorded calls (default: from the experiment file)',
  },
  concurrency: {
    value: '<n>',
    isNumber: true,
    description: 'questions at a time (default: from the experiment file, or 10)',
  },
  sample: { value: '<n>', isNumber: true, description: 'use a random sample of this many questions' },
  seed: { value: '<text>', description: 'random seed of the sample' },
  json: { description: 'print the table as one JSON document' },
  report: {
    value: '<path...>',
    repeats: 'list',
    completes: 'files',
    description: 'write a report; the extension is the format: .html, .md, .csv, .json',
  },
};

/** The flags of `run`. */
export const runFlags: Flags<RunFlags> = {
  ...experimentFlags,
  maxUsd: {
    value: '<usd>',
    isNumber: true,
    description: 'stop before more than this is spent (default: from the experiment file)',
  },
  yesBelow: {
    value: '<usd>',
    isNumber: true,
    description: 'ask before a run that may cost more than this (default: 1)',
  },
  yes: { short: 'y', description: 'run without a question, at any cost' },
};
