/**
 * Prints how ensembles of replayed models do on recorded answers of real ones: beside the counts that independent
 * scripts made of the same data; under every voting rule, learned on four fifths of the questions and tried on the
 * fifth; and as `tune` chooses; and that no call is lost to the default options that would have been answered in time. Exits with 1 where a study does not show what it ought to. Takes the folder of the
 * recordings as its argument; by default `../shared/data`.
 */
import { resolve } from 'node:path';
import { askedAtOnce, defaultFaults, type Kept, keptOf } from './recorded-answers/defaults.ts';
import { type Evaluation, evaluate, type Recording, recordings } from './recorded-answers/evaluate.ts';
import { readingOf } from './recorded-answers/marks.ts';
import { recordResults } from './recorded-answers/pages.ts';
import { type Study, studyOf, violationsOf } from './recorded-answers/study.ts';
import { type StudyRecord, toStudyRecord } from './recorded-answers/study-tables.ts';

const folder = resolve(process.argv[2] ?? '../shared/data');
const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

const printEvaluation = async (recording: Recording): Promise<Evaluation> => {
  const { name, reference } = recording;
  const result = await evaluate(recording);
  const { questions, models } = result;
  console.log(`\n${name}: ${questions} questions, ${models.length} models, replayed in parallel`);
  console.log(
    `  ${'correct'.padEnd(30)}${'here'.padStart(7)}${'reference'.padStart(11)}${'difference'.padStart(12)}`,
  );
  const row = (label: string, here: number, expected: number): void => {
    const difference = ((100 * (here - expected)) / questions).toFixed(2);
    console.log(
      `  ${label.padEnd(30)}${String(here).padStart(7)}${String(expected).padStart(11)}${`${difference} pp`.padStart(12)}`,
    );
  };
  for (const { id, correct } of models) row(id, correct, reference.single[id] ?? Number.NaN);
  row('majority', result.majority, reference.plurality);
  const { marked, unmarked } = readingOf(recording);
  console.log(
    `  votes by a mark: ${marked.votes}, right ${percent(marked.right / marked.votes)}; by unmarked text: ` +
      `${unmarked.votes}, right ${unmarked.votes === 0 ? 'none' : percent(unmarked.right / unmarked.votes)}`,
  );
  console.log(
    `  decided: ${result.differing} of ${questions} answers differ from the full run; ` +
      `${result.callsSaved} of ${result.calls} calls saved (${percent(result.callsSaved / result.calls)})`,
  );
  const { calls, correct, same } = result.sequential;
  console.log(
    `  sequential: ${percent(1 - calls / result.calls)} of the calls saved, ${correct} right, ` +
      `${same} of ${questions} answers as of all models`,
  );
  return result;
};

const printStudy = ({ questions, conditions, tuned, calibration }: Study): void => {
  console.log(
    `\n  ${'held out, 5 folds'.padEnd(32)}${'right'.padStart(6)}${'accuracy, 95 %'.padStart(24)}` +
      `${'calls'.padStart(7)}${'USD'.padStart(10)}`,
  );
  for (const { name, right, interval, callsPerQuestion, costUsdPerQuestion } of conditions) {
    const range = `${percent(right / questions)} (${percent(interval.low)}–${percent(interval.high)})`;
    const cost = costUsdPerQuestion?.toFixed(5) ?? 'unknown';
    console.log(
      `  ${name.padEnd(32)}${String(right).padStart(6)}${range.padStart(24)}` +
        `${callsPerQuestion.toFixed(2).padStart(7)}${cost.padStart(10)}`,
    );
  }
  if (!conditions.some(({ name }) => name === 'by confidence')) {
    console.log(`  ${'by confidence'.padEnd(32)}  none of these answers has one`);
  }
  const { members, voter, execution } = tuned.panel;
  const way = execution.stop === 'confident' ? `confident ${execution.threshold}` : execution.stop;
  console.log(
    `  tuned on all: ${voter.rule} of ${members.length} (${members.join(', ')}), ${execution.schedule}, ${way}; ` +
      `${tuned.compared} candidates`,
  );
  console.log(
    `  calibration error of the learned voter on held-out halves: ${percent(calibration.before, 2)} as it is, ` +
      `${percent(calibration.after, 2)} calibrated (${percent(calibration.byChance, 2)} by chance), mean of 20 splits`,
  );
};

/** The time limit of 0.1, beside the default. */
const FORMER_TIMEOUT_MS = 5000;

/** What the default options make of answers that take as long as recorded, and of a queue, in virtual time. */
const printDefaults = (recording: Recording): string[] => {
  const line = ({ timeoutMs, questions, unanswered, calls, lost, lostInTime }: Kept): string =>
    `  ${timeoutMs === undefined ? 'by default' : `timeoutMs: ${timeoutMs}`}: ${lost} of ${calls} calls time out ` +
    `(${percent(lost / calls)}), ${lostInTime} of them would have answered within 60 s; ` +
    `${unanswered} of ${questions} questions without a prediction`;
  const kept = keptOf(recording);
  const queue = askedAtOnce(50, 300, { concurrency: 1 });
  console.log(`\n${recording.name}: the defaults, with recorded latencies`);
  console.log(line(keptOf(recording, FORMER_TIMEOUT_MS)));
  console.log(line(kept));
  console.log(
    `  concurrency: 1, calls of 300 ms: ${queue.answered} of ${queue.asked} questions at once are answered, ` +
      `the last after ${(queue.tookMs / 1000).toFixed(1)} s`,
  );
  return defaultFaults(recording.name, kept, queue);
};

const hasLatencies = ({ questions }: Recording): boolean =>
  questions.some(({ responses }) => responses.some(({ latencyMs }) => latencyMs !== undefined));

const found = recordings(folder);
if (found.length === 0) console.log(`There are no recordings in ${folder}.`);
const violations: string[] = found.filter(hasLatencies).flatMap(printDefaults);
const records: StudyRecord[] = [];
for (const recording of found) {
  const evaluation = await printEvaluation(recording);
  const study = await studyOf(recording);
  printStudy(study);
  records.push(toStudyRecord(study, evaluation));
  violations.push(...violationsOf(study));
}
if (records.length > 0) recordResults({ studies: records });
for (const violation of violations) console.error(`\n${violation}`);
if (violations.length > 0) process.exitCode = 1;
