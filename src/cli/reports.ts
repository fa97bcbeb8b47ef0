import { access, constants, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { shownPath } from '../domain/quoting.ts';
import { normalizationIn } from '../engine/option-checks.ts';
import type { Conditions } from '../experiment/condition.ts';
import type { ExperimentProgress } from '../experiment/experiment-account.ts';
import { isUntouched } from '../experiment/left-out.ts';
import type { ExperimentOptions } from '../experiment/run-experiment.ts';
import type { ConditionScore } from '../experiment/scorecard/scorecard.ts';
import { scorecardFold } from '../experiment/scorecard/scorecard-fold.ts';
import { type ReliabilityCurve, reliabilityCurve } from '../experiment/statistics/reliability-curve.ts';
import type { Trial } from '../experiment/trial.ts';
import type { LabelledBallot } from '../experiment/tuning/labelled-ballot.ts';
import { labelledBallots } from '../experiment/tuning/labelled-ballots.ts';
import type { Normalization } from '../normalizers/normalizers.ts';
import { printable } from '../rendering/printable.ts';
import type { ReportContent } from '../report/report.ts';
import { inCommandLineWords } from './command-line-words.ts';
import { type Stop, simulatedLine } from './condition-table.ts';
import type { Output } from './output.ts';

/** The writers of the formats, by file extension. */
const formats: Readonly<
  Record<string, (content: ReportContent, report: typeof import('../report/report.ts')) => string>
> = {
  html: (content, { htmlReport }) => htmlReport(content),
  md: (content, { markdownReport }) => markdownReport(content),
  csv: (content, { csvReport }) => csvReport(content),
  json: ({ scorecard }) => `${JSON.stringify(scorecard, undefined, 2)}\n`,
};

const formatOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** Returns the faults of report paths. */
export const reportFaults = (paths: readonly string[]): readonly string[] =>
  paths
    .filter((path) => !Object.hasOwn(formats, formatOf(path)))
    .map((path) => `--report must end in .${Object.keys(formats).join(', .')}, but got "${shownPath(path)}"`);

/** Returns a fault for each input of the experiment that a flag would overwrite. */
export const overwriteFaults = (
  flag: string,
  paths: readonly string[],
  inputs: Readonly<Record<string, string | undefined>>,
): readonly string[] =>
  Object.entries(inputs).flatMap(([what, input]) =>
    input !== undefined && paths.some((path) => resolve(path) === resolve(input))
      ? [`${flag} would overwrite the ${what}, ${shownPath(input)}; choose another path`]
      : [],
  );

/**
 * Returns a fault for each path to which no file can be written: it is a folder, or its folder does not exist or is
 * protected.
 */
export const unwritableFaults = async (
  flag: string,
  paths: readonly string[],
): Promise<readonly string[]> => {
  const faults = await Promise.all(
    paths.map(async (path) => {
      const code = await whyUnwritable(path);
      return code === undefined
        ? []
        : [
            `${flag}: ${shownPath(path)} cannot be written (${code}); create its folder, or choose another path`,
          ];
    }),
  );
  return faults.flat();
};

/** Returns the code of the error that writing a file would fail with, without writing it. */
const whyUnwritable = async (path: string): Promise<string | undefined> => {
  try {
    const present = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (present?.isDirectory()) return 'EISDIR';
    await access(present === undefined ? dirname(path) : path, constants.W_OK);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
};

/** Writes a file and prints that, or why it is not possible. Resolves with whether the file is written. */
export const writeOutput = async (path: string, content: string, errors: Output): Promise<boolean> => {
  try {
    await writeFile(path, content);
    errors.print(`wrote ${printable(path, 400)}`);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    errors.print(
      `crucible-ensemble: ${printable(shownPath(path), 400)} cannot be written (${code ?? message})`,
    );
    return false;
  }
};

/** Reports that collect the trials of an experiment and are written at its end. */
export interface Reports {
  readonly add: (trial: Trial) => Promise<void>;
  /** Resolves with whether every report is written. */
  readonly write: (
    errors: Output,
    account: ExperimentProgress,
    about: () => Promise<NonNullable<ReportContent['about']>>,
    stopped?: Stop,
  ) => Promise<boolean>;
}

/** The maximum number of ballots used for the reliability of panels of each size; limits the memory. */
const MAX_BALLOTS = 20_000;

/** The parts of an experiment that its reports depend on. */
type ReportedExperiment = Pick<ExperimentOptions, 'conditions' | 'scorer'> & {
  readonly simulatedModels: readonly string[];
};

/** Returns the reports of an experiment, in the formats of their file extensions. Without paths, it keeps nothing. */
export const createReports = (
  paths: readonly string[],
  experiment: string,
  { conditions, scorer, simulatedModels }: ReportedExperiment,
  onMiss: 'call' | 'error',
): Reports => {
  if (paths.length === 0) return { add: async () => {}, write: async () => true };
  const names = Object.keys(conditions);
  // The normalization of the first condition, which the others are compared with.
  const fold = scorecardFold({ conditions: names, normalization: normalizationOf(conditions, names[0]) });
  // A custom scorer judges predictions and may cost calls, so it is not applied to the answers of single models.
  const largest = scorer === undefined ? largestPanel(conditions) : undefined;
  const ballots: LabelledBallot[] = [];
  return {
    async add(trial) {
      fold.add(trial);
      // No wrong answer of a model: a call that failed or is not recorded, and a right answer that none can be equal to.
      if (trial.condition !== largest || ballots.length === MAX_BALLOTS) return;
      if (trial.score === undefined || !isUntouched(trial)) return;
      // Votes were normalized by this condition, so expected answers must be too.
      const read = labelledBallots([trial], { normalization: normalizationOf(conditions, largest) });
      try {
        for await (const ballot of read) ballots.push(ballot);
      } catch (error) {
        // If an expected answer cannot be normalized, the curve leaves its question out; the run has been paid for.
        if (!(error instanceof ConfigError)) throw error;
      }
    },
    async write(errors, account, about, stopped) {
      const complete = fold.scorecard();
      const scorecard = {
        ...complete,
        conditions: complete.conditions.map(withOwnWords),
        ...given({ stopped: stopped && capitalized(stopped.summary) }),
      };
      const size = `${scorecard.conditions[0]?.questions ?? 0} questions, ${scorecard.conditions.length} conditions`;
      const content = {
        title: basename(experiment).replace(/\.\w+$/, ''),
        basis: `${size}${onMiss === 'error' ? `; ${basisOf(account)}` : ''}.${simulatedModels.length === 0 ? '' : ` ${simulatedLine(simulatedModels)}.`}`,
        about: await about(),
        scorecard,
        ...given({ reliability: reliabilityOf(ballots) }),
      };
      const report = await import('../report/report.ts');
      let isWritten = true;
      for (const path of paths) {
        const text = formats[formatOf(path)]?.(content, report) ?? '';
        isWritten = (await writeOutput(path, text, errors)) && isWritten;
      }
      return isWritten;
    },
  };
};

/** Says in the words of the command line what went wrong. */
const withOwnWords = (score: ConditionScore): ConditionScore => {
  const causes = score.causes?.map((cause) => ({
    ...cause,
    ...given({ reason: cause.reason && wordsAbout(cause.model, cause.reason) }),
  }));
  return { ...score, ...given({ causes }) };
};

const wordsAbout = (model = '', reason: string): string =>
  inCommandLineWords(`${model}: ${reason}`).slice(model.length + 2);

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Says that the figures come from the record, or how many calls are not in it. */
const basisOf = ({ recalled, missing }: ExperimentProgress): string => {
  if (missing === 0) return 'replayed from recorded calls';
  return recalled === 0
    ? 'none of its calls is recorded'
    : `${missing} of ${missing + recalled} calls are not recorded; the others were replayed`;
};

/** Returns how accurate panels of each size are; nothing if there is one model only. */
const reliabilityOf = (ballots: readonly LabelledBallot[]): ReliabilityCurve | undefined => {
  const curve = ballots.length < 2 ? undefined : reliabilityCurve(ballots, { maxPanels: 200 });
  return curve === undefined || curve.models.length < 2 ? undefined : curve;
};

const normalizationOf = (conditions: Conditions, condition: string | undefined): Normalization =>
  normalizationIn(conditions[condition ?? ''] ?? {});

const largestPanel = (conditions: Conditions): string | undefined =>
  Object.entries(conditions)
    .map(([name, { models }]) => ({ name, size: Array.isArray(models) ? models.length : 0 }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => b.size - a.size)[0]?.name;
