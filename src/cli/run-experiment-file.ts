import { ConfigError, CrucibleError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import type { Journal } from '../experiment/journal/journal.ts';
import { runExperiment } from '../experiment/run-experiment.ts';
import { openJournal } from '../node/file-journal.ts';
import { refuse } from '../options.ts';
import { printable } from '../rendering/printable.ts';
import type { CliContext } from './cli-context.ts';
import { createConditionStats } from './condition-stats.ts';
import { conditionTable, conditionTableLines } from './condition-table.ts';
import { exitCodes } from './exit-codes.ts';
import { experimentFailureLines } from './experiment-failure-lines.ts';
import type { ExperimentFlags } from './experiment-flags.ts';
import { experimentView } from './experiment-view.ts';
import { loadWithFlags } from './load-with-flags.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { createReports, overwriteFaults } from './reports.ts';

/** Where an experiment reads from and writes to. */
export interface ExperimentContext extends Pick<CliContext, 'env' | 'signal'> {
  readonly output: Output;
  readonly errors: Output;
}

/**
 * Runs the experiment of a file, or, with `onMiss: 'error'`, rescores what is recorded of it. Shows how it goes on
 * standard error, and a table of its conditions on standard output. Yields the exit code.
 *
 * @throws {ConfigError} listing every fault of the file; nothing has been asked then.
 */
export const runExperimentFile = async (
  path: string,
  onMiss: 'call' | 'error',
  flags: ExperimentFlags,
  { env, signal, output, errors }: ExperimentContext,
): Promise<number> => {
  const { options, journalPath, datasetPath, ...loaded } = await loadWithFlags(path, flags, { env, signal });
  const count = Math.min(loaded.count, options.sample?.size ?? Number.POSITIVE_INFINITY);
  const inputs = { experiment: path, dataset: datasetPath, journal: journalPath };
  refuse(overwriteFaults('--report', flags.report ?? [], inputs));
  let journal: Journal | undefined;
  const standings = createConditionStats(Object.keys(options.conditions));
  const reports = createReports(flags.report ?? [], path, options);
  const view = experimentView(errors, { count, standings });
  try {
    journal =
      journalPath === undefined
        ? undefined
        : await openJournal(journalPath, {
            onNotice: (notice) => errors.print(printable(notice, 400)),
            // What is only read is asked for by its keys: a wrong journal has none of them.
            ...(onMiss === 'error' ? { readOnly: true } : { fingerprint: loaded.fingerprint }),
          });
    // Nobody reads the table any more: then nobody needs to pay for it either.
    const ended = AbortSignal.any([signal, output.closed]);
    const trials = runExperiment({
      ...options,
      ...given({ journal }),
      onMiss,
      signal: ended,
      onProgress: (progress) => view.update(progress),
    });
    for await (const trial of trials) {
      standings.add(trial);
      await reports.add(trial);
    }
    view.stop();
    const rows = conditionTable(standings, view.progress());
    output.print(...(flags.json === true ? [printableJson(rows)] : conditionTableLines(rows)));
    const { written, failures } = await reports.write();
    errors.print(...written.map((report) => `wrote ${printable(report, 400)}`));
    errors.print(...failures.map((failed) => `crucible-ensemble: ${printable(failed, 400)}`));
    return failures.length === 0 ? exitCodes.answered : exitCodes.noPrediction;
  } catch (error) {
    view.stop();
    if (signal.aborted) {
      errors.print(interruption(path, journalPath));
      return exitCodes.interrupted;
    }
    if (output.closed.aborted) return exitCodes.noPrediction;
    if (error instanceof ConfigError || !(error instanceof CrucibleError)) throw error;
    errors.print(...experimentFailureLines(error));
    return exitCodes.noPrediction;
  } finally {
    await journal?.close();
  }
};

const interruption = (path: string, journal: string | undefined): string =>
  journal === undefined
    ? 'interrupted; there is no journal, so what was asked is lost'
    : `interrupted; ${printable(journal)} has every call that had ended: run ${printable(path)} again to go on`;
