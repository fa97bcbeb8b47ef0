/**
 * Measures the time of `tune`, the longest step between two of its pauses, and how both grow with questions and models; and
 * the bootstrap of `pairedDifference`. CPU time of the process, so that other work on the machine counts less.
 *
 * With `scaling`, prints a table of both instead.
 */
import { type LabelledBallot, pairedDifference } from '../src/experiment/experiment.ts';
import { tuning } from '../src/experiment/tuning/tune.ts';
import { drawsFor } from '../src/models/random.ts';
import { type Figures, report } from './table/report.ts';

/** Draws ballots of models that err on the same hard questions, and sometimes in the same way. */
const ballotsOf = (questions: number, models: number): readonly LabelledBallot[] => {
  const draw = drawsFor(`${questions}/${models}`);
  const accuracies = Array.from(
    { length: models },
    (_, model) => 0.55 + (0.35 * ((model * 7) % models)) / models,
  );
  return Array.from({ length: questions }, (_, question) => {
    const ease = 0.5 * (draw() - 0.5);
    const votes = accuracies.map((accuracy, model) => {
      const isRight = draw() < accuracy + ease;
      const wrong = draw() < 0.3 ? 'trap' : `wrong ${Math.floor(4 * draw())}`;
      return [`model ${model}`, { key: `${question} ${isRight ? 'right' : wrong}` }] as const;
    });
    return { id: `${question}`, rightKeys: new Set([`${question} right`]), votes: new Map(votes) };
  });
};

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** Tunes on drawn ballots: the CPU time of all, and of the longest step. */
const measureTune = (
  questions: number,
  models: number,
): { readonly s: number; readonly longestMs: number } => {
  const steps = tuning({ ballots: ballotsOf(questions, models), aim: { maximize: 'accuracy' } });
  const start = process.cpuUsage();
  let longestMs = 0;
  for (let isDone = false; !isDone; ) {
    const step = process.cpuUsage();
    isDone = steps.next().done ?? false;
    longestMs = Math.max(longestMs, cpuMs(step));
  }
  return { s: cpuMs(start) / 1000, longestMs };
};

const measureBootstrap = (values: number): number => {
  const draw = drawsFor(`${values} values`);
  const pairs = Array.from({ length: values }, () => [0, draw() - 0.4] as const);
  const start = process.cpuUsage();
  pairedDifference(pairs);
  return cpuMs(start) / 1000;
};

/** Measures the rows of the table. */
export const rows = (questions = 5000, models = 9): Figures => {
  const { s, longestMs } = measureTune(questions, models);
  return { tuneSeconds: [s], tuneBlock: [longestMs], pairedDifference: [measureBootstrap(10_000)] };
};

/** Prints the time of `tune` for growing numbers of questions and of models. */
const printScaling = (): void => {
  for (const [questions, models] of [
    [100, 9],
    [1000, 9],
    [10_000, 9],
    [1000, 5],
    [1000, 7],
    [1000, 11],
  ] as const) {
    const { s, longestMs } = measureTune(questions, models);
    const each = ((1e6 * s) / questions).toFixed(0);
    console.log(
      `${questions} × ${models}: ${s.toFixed(2)} s, ${each} µs a question, longest step ${longestMs.toFixed(0)} ms`,
    );
  }
};

if (import.meta.main) {
  if (process.argv[2] === 'scaling') printScaling();
  else report(rows());
}
