import { Option } from 'commander';
import { bound, wholeNumber } from '../options.ts';
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
