/**
 * Rescoring answers of three models that are recorded in the dataset: trials for a second of CPU time of the main thread,
 * with one condition and with four, and the longest time for which no other code could run. Ends with 1 if a bar is missed.
 * `node bench/rescoring.ts 5` takes five rounds instead of three.
 */
import { type Conditions, type Question, rescore } from '../src/experiment/experiment.ts';
import { defineModel } from '../src/index.ts';
import { drawsFor } from '../src/models/random.ts';
import { floor } from './floors.ts';
import { median } from './table/judge.ts';
import { report } from './table/report.ts';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : Number(process.argv[2] ?? 3);
const QUESTIONS = isQuick ? 1500 : 5000;

const draw = drawsFor('rescoring');
const models = ['small', 'medium', 'large'].map((id) => defineModel(id, () => 'never called'));
const dataset = Array.from({ length: QUESTIONS }, (_, index): Question => {
  const expected = index + (index % 97);
  const responses = models.map(({ id: model }) => {
    const answer = draw() < 0.8 ? expected : expected + 1;
    return { model, text: `The answer is ${answer}.`, latencyMs: Math.round(draw() * 500), costUsd: 0.001 };
  });
  return { id: `q${index}`, question: `What is ${index} + ${index % 97}?`, expected, responses };
});

const majority = { models, normalization: 'numeric' } as const;
const one: Conditions = { majority };
const four: Conditions = {
  majority,
  decided: { ...majority, earlyStop: 'decided' },
  unanimous: { ...majority, strategy: 'unanimous' },
  two: { ...majority, models: models.slice(0, 2) },
};

const cpuMicros = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** Returns the trials for a second of CPU time. */
const rateOf = async (conditions: Conditions): Promise<number> => {
  const startedAt = cpuMicros();
  let trials = 0;
  for await (const _ of rescore({ dataset, conditions })) trials += 1;
  return (trials / (cpuMicros() - startedAt)) * 1e6;
};

/** Returns the CPU time of the longest turn of the event loop, in milliseconds: other processes do not lengthen it. */
const longestTurnMs = async (conditions: Conditions): Promise<number> => {
  let longest = 0;
  let last = cpuMicros();
  let next: NodeJS.Immediate;
  const turn = (): void => {
    const now = cpuMicros();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(turn);
  };
  next = setImmediate(turn);
  await rateOf(conditions);
  turn();
  clearImmediate(next);
  return longest / 1000;
};

const floorMicros = async (): Promise<number> => {
  const startedAt = cpuMicros();
  for (let call = 0; call < 20_000; call += 1) await floor();
  return (cpuMicros() - startedAt) / 20_000;
};

const rounds: Record<'one' | 'four' | 'floor' | 'block', number>[] = [];
for (let round = 0; round <= ROUNDS; round += 1)
  rounds.push({
    one: await rateOf(one),
    four: await rateOf(four),
    floor: await floorMicros(),
    block: await longestTurnMs(four),
  });
// The first round compiles the code.
const [ofOne, ofFour, floors, blocks] = (['one', 'four', 'floor', 'block'] as const).map((name) =>
  rounds.slice(1).map((figures) => figures[name]),
);

const floorOf = median(floors as number[]);
console.log(
  `${QUESTIONS.toLocaleString('en')} questions, 3 models; the floor takes ${floorOf.toFixed(2)} µs`,
);
for (const [name, rates] of [
  ['one condition', ofOne],
  ['four conditions', ofFour],
] as const) {
  const micros = 1e6 / median(rates as number[]);
  console.log(
    `  ${micros.toFixed(1).padStart(6)} µs a trial, ${(micros / floorOf).toFixed(1)} × floor: ${name}`,
  );
}
report({ rescoreOne: ofOne as number[], rescoreFour: ofFour as number[], rescoreBlock: blocks as number[] });
