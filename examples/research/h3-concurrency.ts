// H3: how much is gained by asking concurrently, and how many predictions fit on one thread?
import { createEnsemble, parallel, sequential, simulated } from 'crucible-ensemble';

const QUESTIONS = 3000;
const LATENCY_MS = 20;
const models = ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 1, latencyMs: LATENCY_MS }));
const questions = Array.from({ length: QUESTIONS }, (_, a) => `What is ${a} + 1?`);

/** Questions answered a second. */
const rateOf = async (
  execution: ReturnType<typeof parallel>,
  concurrency: number,
  count: number,
): Promise<number> => {
  const ensemble = createEnsemble({ models, execution, minResponses: 1, timeoutMs: 60_000 });
  const start = performance.now();
  let answered = 0;
  for await (const _ of ensemble.predictAll(questions.slice(0, count), { concurrency })) answered += 1;
  return (1000 * answered) / (performance.now() - start);
};

console.log(`H3: live calls to three simulated models of ${LATENCY_MS} ms each, on one thread`);
const oneByOne = await rateOf(sequential({ minConsensus: 1 }), 1, 10);
const rows = [
  ['one call at a time', oneByOne],
  ['the panel at once', await rateOf(parallel(), 1, 20)],
  ['… 100 questions at once', await rateOf(parallel(), 100, 1000)],
  ['… 3000 questions at once', await rateOf(parallel(), 3000, QUESTIONS)],
] as const;
for (const [name, rate] of rows) {
  console.log(
    `${name.padEnd(26)}${rate.toFixed(0).padStart(8)} questions/s  × ${(rate / oneByOne).toFixed(1)}`,
  );
}
const gain = (rows[3]?.[1] ?? 0) / oneByOne;
console.log(
  `H3 (ten times as much) is ${gain > 10 ? 'supported' : 'refuted'}: nobody waits for anybody else.`,
);
console.log('The ratios are those of this machine; real servers have limits of their own (see rateLimit).');
