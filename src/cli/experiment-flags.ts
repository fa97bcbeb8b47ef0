import { Option } from 'commander';
import { bound, type Check, faultsOf, nonEmpty, ofType, refuse, wholeNumber } from '../options.ts';
import { toFlagFault } from './parse-flags.ts';
import { reportFaults } from './reports.ts';
import { toNumber } from './to-number.ts';

/** The values of the flags of `run`, `rescore` and `report`. */
export interface ExperimentFlags {
  readonly journal?: string;
  readonly concurrency?: number;
  readonly sample?: number;
  readonly seed?: string;
  readonly json?: boolean;
  readonly report?: readonly string[];
}

/** The check of each flag. */
export const experimentChecks: Readonly<Record<keyof ExperimentFlags, Check>> = {
  journal: nonEmpty,
  concurrency: bound(1),
  sample: wholeNumber(1),
  seed: nonEmpty,
  json: ofType('boolean'),
  report: () => undefined,
};

/** Returns the flags of `run`, `rescore` and `report`. */
export const experimentFlags = (): readonly Option[] => [
  new Option('--journal <path>', 'file with the recorded calls (default: from the experiment file)'),
  new Option('--concurrency <n>', 'questions at a time (default: from the experiment file, or 10)').argParser(
    toNumber,
  ),
  new Option('--sample <n>', 'use a random sample of this many questions').argParser(toNumber),
  new Option('--seed <text>', 'random seed of the sample'),
  new Option('--json', 'print the table as one JSON document'),
  new Option('--report <path...>', 'write a report; the extension is the format: .html, .md, .csv, .json'),
];

/** @throws {ConfigError} that lists every flag with an invalid value. */
export const parseExperimentFlags = (command: string, flags: ExperimentFlags): ExperimentFlags => {
  refuse([
    ...faultsOf(command, flags, experimentChecks).map(toFlagFault),
    ...reportFaults(flags.report ?? []),
  ]);
  return flags;
};
