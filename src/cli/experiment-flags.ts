import { Option } from 'commander';
import { given } from '../domain/given.ts';
import type { ExperimentOptions } from '../experiment/run-experiment.ts';
import { bound, wholeNumber } from '../options.ts';
import type { CommandContext } from './cli-context.ts';
import { type LoadedExperiment, loadExperiment } from './experiment-file/load-experiment.ts';
import { type Flags, number, text, toggle } from './flags.ts';

/** The values of the flags of `run`, `rescore` and `report`. */
export interface ExperimentFlags {
  readonly journal?: string;
  readonly concurrency?: number;
  readonly sample?: number;
  readonly seed?: string;
  readonly json?: boolean;
  readonly report?: readonly string[];
}

/** The flags of `run`, `rescore` and `report`. */
export const experimentFlags: Flags<ExperimentFlags> = {
  journal: text('--journal <path>', 'file with the recorded calls (default: from the experiment file)'),
  concurrency: number(
    '--concurrency <n>',
    'questions at a time (default: from the experiment file, or 10)',
    bound(1),
  ),
  sample: number('--sample <n>', 'use a random sample of this many questions', wholeNumber(1)),
  seed: text('--seed <text>', 'random seed of the sample'),
  json: toggle('--json', 'print the table as one JSON document'),
  report: {
    option: new Option(
      '--report <path...>',
      'write a report; the extension is the format: .html, .md, .csv, .json',
    ),
    check: () => undefined,
  },
};

/** Loads the experiment of a file. Flags override the file. */
export const loadWithFlags = async (
  path: string,
  { journal, concurrency, sample: size, seed }: ExperimentFlags,
  context: CommandContext,
): Promise<LoadedExperiment> => {
  const loaded = await loadExperiment(path, context);
  const { options } = loaded;
  const sample: ExperimentOptions['sample'] =
    size === undefined && seed === undefined
      ? options.sample
      : { size: Number.MAX_SAFE_INTEGER, ...options.sample, ...given({ size, seed }) };
  return {
    ...loaded,
    ...given({ journalPath: journal }),
    options: { ...options, ...given({ concurrency, sample }) },
  };
};
