// H3: how much is gained by asking concurrently, and how many predictions fit on one thread?
import { execFileSync } from 'node:child_process';
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
const best = rows[3][1];
const gain = best / oneByOne;
console.log(
  `H3 (ten times as much as one by one) is ${gain > 10 ? 'supported' : 'refuted'}: no call waits for another.`,
);

/** The same panel in Python: as many tasks of asyncio as there are calls, each of which only waits. */
const PYTHON = `
import asyncio, collections, time
async def call(a):
    await asyncio.sleep(${LATENCY_MS / 1000})
    return str(a + 1)
async def predict(a):
    votes = await asyncio.gather(*(call(a) for _ in range(3)))
    return collections.Counter(votes).most_common(1)[0]
async def main():
    start = time.perf_counter()
    await asyncio.gather(*(predict(a) for a in range(${QUESTIONS})))
    print(${QUESTIONS} / (time.perf_counter() - start))
asyncio.run(main())`;

try {
  const python = Number(execFileSync('python3', ['-c', PYTHON], { stdio: ['ignore', 'pipe', 'ignore'] }));
  const ratio = best / python;
  console.log(
    `Python's asyncio, ${QUESTIONS} questions at once: ${python.toFixed(0)} questions/s. This library is × ${ratio.toFixed(1)}: ` +
      (ratio > 10
        ? 'ten times as much, as the hypothesis says.'
        : 'not ten times as much. Both wait without a thread for each call; neither is the limit.'),
  );
} catch {
  console.log('Python was not compared: there is no python3 here.');
}
console.log('The ratios are those of this machine; real servers have limits of their own (see rateLimit).');
