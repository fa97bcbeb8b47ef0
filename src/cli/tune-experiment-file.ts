import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { given } from '../domain/given.ts';
import { plainName, quotedName, shownPath } from '../domain/quoting.ts';
import { isLabelled, unlabelledFault } from '../experiment/dataset/label-faults.ts';
import type { Question } from '../experiment/question.ts';
import { runExperiment } from '../experiment/run-experiment.ts';
import { exact } from '../experiment/scorers/exact.ts';
import { toScorer } from '../experiment/scorers/judge.ts';
import { labelMatchOf } from '../experiment/scorers/label-match.ts';
import { missingVerdict } from '../experiment/scoring.ts';
import { isNotRecorded } from '../experiment/trial.ts';
import { boundsOf } from '../experiment/tuning/aim-misses.ts';
import type { LabelledBallot } from '../experiment/tuning/labelled-ballot.ts';
import { labelledBallots } from '../experiment/tuning/labelled-ballots.ts';
import type { Aim, Panel } from '../experiment/tuning/panel.ts';
import { openJournal } from '../node/file-journal.ts';
import { normalizerOf } from '../normalizers/normalizers.ts';
import { refuse } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import { aimOf } from './aim-of.ts';
import type { CommandContext } from './cli-context.ts';
import { exitCodes } from './exit-codes.ts';
import type { LoadedExperiment } from './experiment-file/load-experiment.ts';
import { listedModels } from './listed-models.ts';
import { loadWithFlags } from './load-with-flags.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { recordFaults } from './record-faults.ts';
import { overwriteFaults, writeOutput } from './reports.ts';
import type { TuneFlags } from './tune-flags.ts';
import { tuneInSteps } from './tune-in-steps.ts';
import { tunedLines } from './tuned-lines.ts';

/**
 * Chooses a panel from the recorded calls of an experiment, prints its expected accuracy and cost, and writes it as
 * JSON. Every model of every condition may become a member. It is asked as in the first condition, with its prompt and its
 * system, and answers are normalized as there. Resolves with the exit code.
 *
 * @throws {ConfigError} that lists every fault of the file, or the number of calls that are not recorded.
 */
export const tuneExperimentFile = async (
  path: string,
  flags: TuneFlags,
  context: CommandContext,
): Promise<number> => {
  const { signal, output, errors } = context;
  const aim = aimOf(flags);
  const panelPath = flags.panel ?? path.replace(/(\.\w+)?$/, '.panel.json');
  const loaded = await loadWithFlags(path, flags, context);
  const { journalPath: journal, datasetPath: dataset } = loaded;
  refuse([
    ...overwriteFaults('--panel', [panelPath], { experiment: path, dataset, journal }),
    ...recordFaults(path, loaded),
  ]);
  for (const option of ['grouping', 'decide'] as const) {
    if (Object.values(loaded.options.conditions).some((condition) => condition[option]))
      errors.print(`"${option}" of the conditions has no effect here: tune counts equal answers`);
  }
  const { ballots, unmatched } = await ballotsOf(path, loaded, journal, signal);
  errors.print(`comparing panels on ${counted(ballots.length, 'question')}${leftOutOf(unmatched)}`);
  const tuned = await tuneInSteps({ ballots, aim }, context);
  if (tuned === undefined) {
    if (!signal.aborted) return exitCodes.failure;
    errors.print('interrupted; no panel was written');
    return exitCodes.interrupted;
  }
  output.print(...(flags.json === true ? [printableJson(tuned)] : tunedLines(tuned)));
  const isExpected = flags.panel !== undefined || boundsOf(aim).length > 0;
  const isKept = await writePanel(panelPath, tuned.panel, isExpected, errors);
  return isKept && tuned.isAimMet ? exitCodes.success : exitCodes.failure;
};

/**
 * Writes a panel, unless the file holds the same one, or a panel for an aim that the caller did not name this time. Resolves
 * with whether the file holds what it should.
 */
const writePanel = async (
  path: string,
  panel: Panel,
  isExpected: boolean,
  errors: Output,
): Promise<boolean> => {
  const content = `${JSON.stringify(panel, undefined, 2)}\n`;
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === content) {
    errors.print(`${printable(path, 400)} holds this panel already`);
    return true;
  }
  if (present !== undefined && !isExpected && !hasAim(present, panel.tuned.aim)) {
    errors.print(
      `kept ${printable(path, 400)}, which has another aim; use --panel <path> to write this panel`,
    );
    return true;
  }
  return await writeOutput(path, content, errors);
};

const hasAim = (text: string, aim: Aim): boolean => {
  try {
    return isDeepStrictEqual(JSON.parse(text).tuned.aim, aim);
  } catch {
    return false;
  }
};

/** The recorded votes of an experiment, and the questions that panels cannot be compared on. */
interface Ballots {
  readonly ballots: readonly LabelledBallot[];
  /** The ids of the questions with a right answer that no answer can be equal to. */
  readonly unmatched: readonly string[];
}

const leftOutOf = ([first, ...others]: readonly string[]): string =>
  first === undefined
    ? ''
    : `; ${counted(others.length + 1, 'question')} left out, because no answer can be equal to the right answer, for example at ${printable(plainName(first))}`;

const ballotsOf = async (
  path: string,
  { options, judge }: Pick<LoadedExperiment, 'options' | 'judge'>,
  journalPath: string | undefined,
  signal: AbortSignal,
): Promise<Ballots> => {
  const { conditions, scorer } = options;
  const { normalization, prompt, system } = Object.values(conditions)[0] ?? {};
  const allModels = {
    models: listedModels(conditions),
    minResponses: 1,
    ...given({ normalization, prompt, system }),
  };
  const journal = journalPath === undefined ? undefined : await openJournal(journalPath, { readOnly: true });
  if (journal !== undefined) judge?.record(journal);
  const ballots: LabelledBallot[] = [];
  const unmatched: string[] = [];
  const unjudged: string[] = [];
  const canMatch = labelMatchOf(toScorer(scorer) ?? exact());
  const normalizer = normalizerOf(normalization);
  let first: Question | undefined;
  let count = 0;
  let labelled = 0;
  let missing = 0;
  try {
    const trials = runExperiment({
      ...options,
      ...given({ journal }),
      conditions: { allModels },
      onMiss: 'error',
      signal,
    });
    for await (const trial of trials) {
      const { question } = trial;
      first ??= question;
      count += 1;
      if (!isLabelled(question)) continue;
      labelled += 1;
      if (!canMatch(question.expected, normalizer)) {
        unmatched.push(question.id);
        continue;
      }
      missing += trial.result.outcomes.filter(isNotRecorded).length;
      const read = labelledBallots(
        [trial],
        given({ normalization, scorer: scorer === 'none' ? undefined : scorer, onMiss: 'error' as const }),
      );
      try {
        ballots.push(...(await Array.fromAsync(read)));
      } catch (error) {
        if (missingVerdict(error) === undefined) throw error;
        unjudged.push(question.id);
      }
    }
    if (first !== undefined && labelled === 0) {
      refuse([`${shownPath(path)}: dataset: ${unlabelledFault(first, count, true)}`]);
    }
    if (missing > 0) {
      refuse([
        `${shownPath(path)}: ${missing === 1 ? '1 call is' : `${missing} calls are`} not recorded; run the experiment to its end, with a condition that calls every model for every question`,
      ]);
    }
    if (unjudged[0] !== undefined) {
      refuse([
        `${shownPath(path)}: scorer: the judge has no recorded verdict on each answer to ${counted(unjudged.length, 'question')}, for example ${quotedName(unjudged[0])}, and tune makes no calls; make the models of the judge journaled, add a condition for each model alone, and run the experiment`,
      ]);
    }
    return { ballots, unmatched };
  } finally {
    await journal?.close();
  }
};
