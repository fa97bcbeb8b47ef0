import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ConfigError } from '../domain/errors.ts';
import type { Conditions } from '../experiment/condition.ts';
import type { ExperimentOptions } from '../experiment/run-experiment.ts';
import type { Scorecard } from '../experiment/scorecard/scorecard.ts';
import { scorecardFold } from '../experiment/scorecard/scorecard-fold.ts';
import { reliabilityCurve } from '../experiment/statistics/reliability-curve.ts';
import type { Trial } from '../experiment/trial.ts';
import type { LabelledBallot } from '../experiment/tuning/labelled-ballot.ts';
import { labelledBallots } from '../experiment/tuning/labelled-ballots.ts';
import type { Normalization } from '../normalizers/normalizers.ts';
import type { ReportContent } from '../report/report.ts';

/** A file's ending, and what is written into such a file. */
const formats: Readonly<
  Record<string, (content: ReportContent, report: typeof import('../report/report.ts')) => string>
> = {
  html: (content, { htmlReport }) => htmlReport(content),
  md: (content, { markdownReport }) => markdownReport(content),
  csv: (content, { csvReport }) => csvReport(content),
  json: ({ scorecard }) => `${JSON.stringify(scorecard, undefined, 2)}\n`,
};

const formatOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** What is wrong with the paths of reports. */
export const reportFaults = (paths: readonly string[]): readonly string[] =>
  paths
    .filter((path) => !Object.hasOwn(formats, formatOf(path)))
    .map((path) => `--report must end in .${Object.keys(formats).join(', .')}, but got "${path}"`);

/** What the file of a flag would replace that the experiment is made of. */
export const overwriteFaults = (
  flag: string,
  paths: readonly string[],
  inputs: Readonly<Record<string, string | undefined>>,
): readonly string[] =>
  Object.entries(inputs).flatMap(([what, input]) =>
    input !== undefined && paths.some((path) => resolve(path) === resolve(input))
      ? [`${flag} would replace the ${what}, ${input}`]
      : [],
  );

/** Reports that grow with the trials of an experiment, and are written at its end. */
export interface Reports {
  readonly add: (trial: Trial) => Promise<void>;
  /** Yields the paths that were written, and what could not be. */
  readonly write: () => Promise<{
    readonly written: readonly string[];
    readonly failures: readonly string[];
  }>;
}

/** How many ballots the reliability of panels of each size is computed from, so that memory is bounded. */
const MOST_BALLOTS = 20_000;

/** Reports of an experiment in files, by their endings; nothing is kept where there are none. */
export const createReports = (
  paths: readonly string[],
  experiment: string,
  { conditions, scorer }: Pick<ExperimentOptions, 'conditions' | 'scorer'>,
): Reports => {
  if (paths.length === 0) return { add: async () => {}, write: async () => ({ written: [], failures: [] }) };
  const names = Object.keys(conditions);
  // As the first condition reads, which the others are compared with.
  const fold = scorecardFold({ conditions: names, normalization: normalizationOf(conditions, names[0]) });
  // A scorer of the user's own judges predictions, and may cost calls: single models are not put before it.
  const largest = scorer === undefined ? largestPanel(conditions) : undefined;
  const ballots: LabelledBallot[] = [];
  return {
    async add(trial) {
      fold.add(trial);
      if (trial.condition !== largest || ballots.length === MOST_BALLOTS) return;
      // Votes have been read as this condition does, so right answers are too.
      const read = labelledBallots([trial], { normalization: normalizationOf(conditions, largest) });
      try {
        for await (const ballot of read) ballots.push(ballot);
      } catch (error) {
        // A right answer that cannot be read is on no ballot, and no reason to end what is paid for.
        if (!(error instanceof ConfigError)) throw error;
      }
    },
    async write() {
      const content = contentOf(experiment, fold.scorecard(), ballots);
      const report = await import('../report/report.ts');
      const written: string[] = [];
      const failures: string[] = [];
      for (const path of paths) {
        await writeFile(path, formats[formatOf(path)]?.(content, report) ?? '').then(
          () => written.push(path),
          ({ code, message }: NodeJS.ErrnoException) =>
            failures.push(`${path} cannot be written (${code ?? message})`),
        );
      }
      return { written, failures };
    },
  };
};

const contentOf = (
  experiment: string,
  scorecard: Scorecard,
  ballots: readonly LabelledBallot[],
): ReportContent => {
  const reliability = ballots.length < 2 ? undefined : reliabilityCurve(ballots, { maxPanels: 200 });
  return {
    title: basename(experiment).replace(/\.\w+$/, ''),
    basis: `${scorecard.conditions[0]?.questions ?? 0} questions, ${scorecard.conditions.length} conditions; performed on recorded calls.`,
    scorecard,
    ...(reliability !== undefined && reliability.models.length > 1 && { reliability }),
  };
};

/** How a condition reads answers. */
const normalizationOf = (conditions: Conditions, condition: string | undefined): Normalization =>
  conditions[condition ?? '']?.normalization ?? 'lowercaseTrim';

const largestPanel = (conditions: Conditions): string | undefined =>
  Object.entries(conditions)
    .map(([name, { models }]) => ({ name, size: Array.isArray(models) ? models.length : 0 }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => b.size - a.size)[0]?.name;
