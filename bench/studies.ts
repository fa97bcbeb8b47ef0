/**
 * The speed of what an experiment does without its models: rescoring recorded answers, tuning a panel, and the interval of a
 * paired difference. CPU time of the main thread, with the code compiled. `--quick` takes fewer questions and does not tune.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type LabelledBallot,
  memoryJournal,
  pairedDifference,
  type Question,
  rescore,
  runExperiment,
  tune,
} from '../src/experiment/experiment.ts';
import { hedged, simulated } from '../src/index.ts';
import { drawsFor } from '../src/models/random.ts';
import { report } from './table/report.ts';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 5;
const QUESTIONS = isQuick ? 2000 : 5000;

const cpuSeconds = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
};

/** Returns the CPU seconds of some work. */
const secondsOf = async (work: () => unknown): Promise<number> => {
  const before = cpuSeconds();
  await work();
  return cpuSeconds() - before;
};

const models = [0.7, 0.8, 0.9].map((accuracy, index) => simulated({ id: `model-${index}`, accuracy }));
const dataset: readonly Question[] = Array.from({ length: QUESTIONS }, (_, index) => ({
  id: `q${index}`,
  question: `What is ${index} + ${index % 97}?`,
  expected: index + (index % 97),
}));
const panel = { models, normalization: 'numeric' } as const;
const four = {
  majority: panel,
  unanimous: { ...panel, strategy: 'unanimous' },
  hedged: { ...panel, execution: hedged({ hedgeDelayMs: 1 }) },
  decided: { ...panel, earlyStop: 'decided' },
} as const;

const journal = memoryJournal();
for await (const _trial of runExperiment({ dataset, conditions: { majority: panel }, journal }));

/** Returns the trials that are rescored in a second of CPU time, of each round. */
const rates = async (conditions: Parameters<typeof rescore>[0]['conditions']): Promise<number[]> => {
  const trials = QUESTIONS * Object.keys(conditions).length;
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const seconds = await secondsOf(async () => {
      for await (const _trial of rescore({ dataset, conditions, journal }));
    });
    // The first round warms up.
    if (round > 0) rounds.push(trials / seconds);
  }
  return rounds;
};

const draw = drawsFor('studies');

const intervals = async (): Promise<number[]> => {
  const pairs = Array.from({ length: 10_000 }, () => [draw(), draw()] as const);
  const rounds: number[] = [];
  for (let round = 0; round < 3; round += 1) rounds.push(await secondsOf(() => pairedDifference(pairs)));
  return rounds;
};

const ballots: readonly LabelledBallot[] = Array.from({ length: 5000 }, (_, index) => ({
  id: `${index}`,
  rightKeys: new Set(['right']),
  votes: new Map(
    Array.from({ length: 9 }, (_, model) => [
      `model-${model}`,
      {
        key: draw() < 0.5 + 0.04 * model ? 'right' : `wrong ${Math.floor(4 * draw())}`,
        costUsd: 0.001 * (model + 1),
      },
    ]),
  ),
}));

/** Tunes a panel, and returns the CPU seconds and the longest of them between two turns of the event loop, in ms. */
const tuned = async (): Promise<{ readonly seconds: number; readonly longestMs: number }> => {
  let [longest, last, isDone] = [0, cpuSeconds(), false];
  const watch = async (): Promise<void> => {
    while (!isDone) {
      await nextTurn();
      const now = cpuSeconds();
      longest = Math.max(longest, now - last);
      last = now;
    }
  };
  const watching = watch();
  const seconds = await secondsOf(() => tune({ ballots, aim: { maximize: 'accuracy' } }));
  isDone = true;
  await watching;
  return { seconds, longestMs: longest * 1000 };
};

report({ rescoreOne: await rates({ majority: panel }), rescoreFour: await rates(four) });
report({ pairedDifference: await intervals() });
if (!isQuick) {
  const { seconds, longestMs } = await tuned();
  report({ tuneSeconds: [seconds], tuneBlock: [longestMs] });
}
