/**
 * Measures the time of `tune`, the longest block of `tune$`, and the bootstrap of `pairedDifference`. CPU time of the process,
 * so that other work on the machine counts less. Blocks are measured as by `bench/blocks.ts`, on ballots of its own.
 *
 * With `scaling`, prints the time for growing numbers of questions and models instead.
 */
import { type LabelledBallot, pairedDifference, tune } from '../src/experiment/experiment.ts';
import { drawsFor } from '../src/models/random.ts';
import { measureBlocks } from './blocks.ts';
import { type Figures, report } from './table/report.ts';
import { slowness } from './table/slowness.ts';

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

/** Tunes on drawn ballots, and returns the CPU time in seconds. */
const measureTune = (questions: number, models: number): number => {
  const ballots = ballotsOf(questions, models);
  const start = process.cpuUsage();
  tune({ ballots, aim: { maximize: 'accuracy' } });
  return cpuMs(start) / 1000;
};

const measureBootstrap = (values: number): number => {
  const draw = drawsFor(`${values} values`);
  const pairs = Array.from({ length: values }, () => [0, draw() - 0.4] as const);
  const start = process.cpuUsage();
  pairedDifference(pairs);
  return cpuMs(start) / 1000;
};

/** Measures the rows of the table; seconds are those of the machine of the bars. */
const rows = async (): Promise<Figures> => {
  const slower = await slowness();
  console.log(`the machine is ${slower.toFixed(2)} times slower than the one of the bars`);
  return {
    tuneSeconds: [measureTune(5000, 9) / slower],
    tuneBlock: (await measureBlocks('tuning')).map(({ longestMs }) => longestMs),
    pairedDifference: [measureBootstrap(10_000) / (await slowness())],
  };
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
    const s = measureTune(questions, models);
    console.log(
      `${questions} × ${models}: ${s.toFixed(2)} s, ${((1e6 * s) / questions).toFixed(0)} µs a question`,
    );
  }
};

if (import.meta.main) {
  if (process.argv[2] === 'scaling') printScaling();
  else report(await rows());
}
