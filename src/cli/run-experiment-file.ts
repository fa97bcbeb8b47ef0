import { asyncScheduler } from 'rxjs';
import { ConfigError, CrucibleError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import type { Journal } from '../experiment/journal/journal.ts';
import { runExperiment } from '../experiment/run-experiment.ts';
import { isSimulated } from '../models/simulated.ts';
import { openJournal } from '../node/file-journal.ts';
import { bound, refuse, suchThat, wholeNumber } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { CommandContext } from './cli-context.ts';
import { addTrial, createConditionStats } from './condition-stats.ts';
import {
  type ConditionRow,
  type ConditionTable,
  conditionTable,
  conditionTableLines,
  type Stop,
} from './condition-table.ts';
import { confirmCost } from './confirm-cost.ts';
import { exitCodes } from './exit-codes.ts';
import { experimentFacts } from './experiment-facts.ts';
import { type RunFlags, runFlags } from './experiment-flags.ts';
import { type ExperimentView, experimentView } from './experiment-view.ts';
import { type FlagChecks, flagFaults } from './flag-checks.ts';
import { listedModels } from './listed-models.ts';
import { loadWithFlags } from './load-with-flags.ts';
import { publishedPrices } from './panel.ts';
import { printableJson } from './printable-json.ts';
import { recordFaults } from './record-faults.ts';
import { createReports, overwriteFaults, reportFaults, unwritableFaults } from './reports.ts';
import { estimateRun } from './run-estimate.ts';
import { aboveZeroUsd } from './spending-limit.ts';

const checks: FlagChecks<RunFlags> = {
  concurrency: bound(1),
  sample: wholeNumber(1),
  maxUsd: aboveZeroUsd,
  yesBelow: suchThat('a number of USD, at least 0', (value) => typeof value === 'number' && value >= 0),
  // Their formats are checked by the reports.
  report: () => undefined,
};

/**
 * Runs the experiment of a file; with `onMiss: 'error'` it uses recorded calls only. Shows the progress on standard
 * error and a table of the conditions on standard output. Resolves with the exit code.
 *
 * @throws {ConfigError} that lists every fault of the flags, or of the file, before any call is made.
 */
export const runExperimentFile = async (
  path: string,
  onMiss: 'call' | 'error',
  flags: RunFlags,
  context: CommandContext,
): Promise<number> => {
  const { signal, output, errors } = context;
  const { report: reportPaths = [] } = flags;
  refuse([...flagFaults(flags, runFlags, checks), ...reportFaults(reportPaths)]);
  const startedAtMs = asyncScheduler.now();
  const experiment = await loadWithFlags(path, flags, context);
  const { options, journalPath, datasetPath, ...loaded } = experiment;
  const count = Math.min(loaded.count, options.sample?.size ?? Number.POSITIVE_INFINITY);
  const inputs = { experiment: path, dataset: datasetPath, journal: journalPath };
  refuse([
    ...overwriteFaults('--report', reportPaths, inputs),
    ...(await unwritableFaults('--report', reportPaths)),
    ...(onMiss === 'error' ? recordFaults(path, { ...loaded, ...given({ journalPath }) }) : []),
  ]);
  let journal: Journal | undefined;
  const simulatedModels = [...listedModels(options.conditions), ...(experiment.judge?.models ?? [])]
    .filter(isSimulated)
    .map(({ id }) => id);
  const conditionNames = Object.keys(options.conditions);
  const stats = createConditionStats(conditionNames);
  const reports = createReports(reportPaths, path, { ...options, simulatedModels }, onMiss);
  let view: ExperimentView | undefined;
  try {
    journal =
      journalPath === undefined
        ? undefined
        : await openJournal(journalPath, {
            onNotice: (notice) => errors.print(printable(notice, 400)),
            // Recorded calls are found by their keys, so a journal of another experiment has none of them.
            readOnly: onMiss === 'error',
          });
    if (journal !== undefined) experiment.judge?.record(journal);
    if (onMiss === 'call') {
      const sources = {
        prices: await publishedPrices(),
        judges: experiment.judge?.calls ?? [],
        journal,
        signal,
      };
      if (!(await confirmCost(await estimateRun(options, sources), flags, context))) {
        errors.print('not run; no call was made');
        return exitCodes.usage;
      }
    }
    const shown = experimentView(errors, count, stats);
    view = shown;
    const trials = runExperiment({
      ...options,
      ...given({ journal }),
      onMiss,
      // If the reader of the table is gone, the remaining calls would be paid for in vain.
      signal: AbortSignal.any([signal, output.closed]),
      onProgress: (progress) => shown.update(progress),
    });
    let cause: CrucibleError | undefined;
    let questions = 0;
    try {
      for await (const trial of trials) {
        addTrial(stats, trial);
        await reports.add(trial);
        if (trial.condition === conditionNames.at(-1)) questions += 1;
      }
    } catch (error) {
      // A configuration that is refused has made no call.
      if (output.closed.aborted || !(error instanceof CrucibleError) || error instanceof ConfigError)
        throw error;
      cause = error;
    }
    shown.stop();
    const stopped =
      cause && stopOf(cause, signal.aborted, `after ${questions} of ${counted(count, 'question')}`);
    const table = conditionTable(stats, shown.progress(), {
      simulatedModels,
      stopped,
      durationMs: shown.speed().durationMs,
    });
    output.print(...(flags.json === true ? [printableJson(table)] : conditionTableLines(table)));
    const isWritten = await reports.write(
      errors,
      shown.progress(),
      () => experimentFacts(experiment, { startedAtMs, speed: shown.speed() }, onMiss),
      stopped,
    );
    if (cause !== undefined) throw cause;
    const shortfalls = shortfallsOf(table, onMiss, journalPath);
    errors.print(...shortfalls.map((shortfall) => `crucible-ensemble: ${shortfall}`));
    return isWritten && shortfalls.length === 0 ? exitCodes.success : exitCodes.failure;
  } catch (error) {
    view?.stop();
    if (signal.aborted) {
      errors.print(interruption(path, journalPath));
      return exitCodes.interrupted;
    }
    if (output.closed.aborted) return exitCodes.failure;
    throw error;
  } finally {
    await journal?.close();
  }
};

/** Describes why an experiment ended early, and where. */
const stopOf = ({ name, message }: CrucibleError, isInterrupted: boolean, where: string): Stop => ({
  name,
  message: isInterrupted ? `interrupted ${where}` : message,
  summary: `${isInterrupted ? 'interrupted' : 'stopped early'} ${where}`,
});

/** Returns what the figures of an experiment lack although it came to its end. */
const shortfallsOf = (
  { conditions, account }: ConditionTable,
  onMiss: 'call' | 'error',
  journalPath: string | undefined,
): string[] => {
  const silent = conditions.filter(
    ({ answered, questions, leftOut }) => questions > 0 && answered === 0 && leftOut.notRecorded === 0,
  );
  const unscored = conditions.filter(
    ({ answered, scored, causes }) =>
      answered > 0 && scored === 0 && causes.some(({ kind }) => kind === 'unscored'),
  );
  const again =
    onMiss === 'error'
      ? ''
      : `. Run it again${journalPath === undefined ? ' with "journal"' : ''}: only the calls that failed are made`;
  const incomplete = conditions.filter(({ answered, isIncomplete }) => answered > 0 && isIncomplete);
  return [
    ...(silent.length === 0
      ? []
      : [`no question was answered by ${namesOf(silent)}; the reasons are below the table`]),
    ...(unscored.length === 0
      ? []
      : [`no answer of ${namesOf(unscored)} could be scored; the reasons are below the table`]),
    ...(incomplete.length === 0
      ? []
      : [
          `calls failed or are missing for more than 5 % of the questions of ${namesOf(incomplete)}; the reasons are below the table${again}`,
        ]),
    ...(onMiss === 'call' || account.missing === 0
      ? []
      : [
          `${account.missing} of ${account.missing + account.recalled} calls are not recorded: make them with run`,
        ]),
  ];
};

const namesOf = (conditions: readonly ConditionRow[]): string =>
  conditions.map(({ condition }) => printable(condition, 60)).join(', ');

const interruption = (path: string, journal: string | undefined): string =>
  journal === undefined
    ? 'interrupted; without a journal, the finished calls are lost'
    : `interrupted; the finished calls are in ${printable(journal)}. Run ${printable(path)} again to continue`;
