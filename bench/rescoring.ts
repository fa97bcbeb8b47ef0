/**
 * Rescoring answers of three models that are recorded in the dataset: trials for a second of CPU time of the main thread,
 * with one condition and with four, and the longest time for which no other code could run. Rates are those of the machine of
 * the bars, see `slowness`. Ends with 1 if a bar is missed.
 * `node bench/rescoring.ts 5` takes five rounds instead of three.
 */
import { type Conditions, type Question, rescore } from '../src/experiment/experiment.ts';
import { defineModel } from '../src/index.ts';
import { drawsFor } from '../src/models/random.ts';
import { report } from './table/report.ts';
import { slowness } from './table/slowness.ts';
import { threadMicros } from './thread-micros.ts';

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

/** Returns the trials for a second of CPU time. */
const rateOf = async (conditions: Conditions): Promise<number> => {
  const startedAt = threadMicros();
  let trials = 0;
  for await (const _ of rescore({ dataset, conditions })) trials += 1;
  return (trials / (threadMicros() - startedAt)) * 1e6;
};

/** Returns the CPU time of the longest turn of the event loop, in milliseconds: other processes do not lengthen it. */
const longestTurnMs = async (conditions: Conditions): Promise<number> => {
  let longest = 0;
  let last = threadMicros();
  const turn = (): void => {
    const now = threadMicros();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  await rateOf(conditions);
  // The one that waits is the only one.
  clearImmediate(next);
  turn();
  clearImmediate(next);
  return longest / 1000;
};

const rounds: Record<'one' | 'four' | 'block', number>[] = [];
let slower = 1;
for (let round = 0; round <= ROUNDS; round += 1) {
  slower = await slowness();
  rounds.push({
    one: slower * (await rateOf(one)),
    four: slower * (await rateOf(four)),
    block: await longestTurnMs(four),
  });
}
// The first round compiles the code.
const [ofOne, ofFour, blocks] = (['one', 'four', 'block'] as const).map((name) =>
  rounds.slice(1).map((figures) => figures[name]),
);

console.log(
  `${QUESTIONS.toLocaleString('en')} questions, 3 models; the machine is ${slower.toFixed(2)} times slower than the one of the bars`,
);
report({ rescoreOne: ofOne as number[], rescoreFour: ofFour as number[], rescoreBlock: blocks as number[] });
