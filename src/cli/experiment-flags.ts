import { Option } from 'commander';
import { bound, type Check, faultsOf, nonEmpty, ofType, refuse, wholeNumber } from '../options.ts';
import { toFlagFault } from './parse-flags.ts';
import { reportFaults } from './reports.ts';

/** The values of the flags of `run` and `rescore`. */
export interface ExperimentFlags {
  readonly journal?: string;
  readonly concurrency?: number;
  readonly sample?: number;
  readonly seed?: string;
  readonly json?: boolean;
  readonly report?: readonly string[];
}

/** What the flags of experiments must be. */
export const experimentChecks: Readonly<Record<keyof ExperimentFlags, Check>> = {
  journal: nonEmpty,
  concurrency: bound(1),
  sample: wholeNumber(1),
  seed: nonEmpty,
  json: ofType('boolean'),
  report: () => undefined,
};

/** A text that is no number stays one, so that a complaint can quote it. */
export const toNumber = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

/** The flags of `run` and `rescore`. */
export const experimentFlags = (): readonly Option[] => [
  new Option('--journal <path>', 'where calls are recorded (default: as the file says)'),
  new Option(
    '--concurrency <n>',
    'how many questions at a time (default: as the file says, or 10)',
  ).argParser(toNumber),
  new Option('--sample <n>', 'only so many of the questions, drawn at random').argParser(toNumber),
  new Option('--seed <text>', 'makes another draw'),
  new Option('--json', 'print the table as one JSON document'),
  new Option('--report <path...>', 'write a report, by its ending: .html, .md, .csv, .json'),
];

/** @throws {ConfigError} listing every flag with a value that cannot be. */
export const parseExperimentFlags = (command: string, given: ExperimentFlags): ExperimentFlags => {
  refuse([
    ...faultsOf(command, given, experimentChecks).map(toFlagFault),
    ...reportFaults(given.report ?? []),
  ]);
  return given;
};
