/**
 * An experiment over many questions with three simulated models and a journal in a file: questions a second, how the
 * heap grows with their number, bytes a call in the journal, and predictions a second when it is rescored.
 *
 * Run with `--expose-gc`; arguments set the number of questions (1,000,000) and the folder (that of the system).
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linearRegression } from 'simple-statistics';
import { type Question, rescore, runExperiment, type Trial } from '../src/experiment/experiment.ts';
import { hedged, simulated } from '../src/index.ts';
import { openJournal } from '../src/node/file-journal.ts';

const CONCURRENCY = 100;
const total = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'experiment-'));
const path = join(folder, 'calls.jsonl');

const questions = (count: number): Iterable<Question> => ({
  *[Symbol.iterator]() {
    for (let index = 0; index < count; index += 1) {
      yield {
        id: `q${index}`,
        question: `What is ${index} + ${index % 97}?`,
        expected: index + (index % 97),
      };
    }
  },
});

const models = [0.7, 0.8, 0.9].map((accuracy, index) =>
  simulated({ id: `model-${index}`, accuracy, costUsd: 0.0001 * (index + 1) }),
);

const heapMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Reads trials to the end, with the rate and the heap after each tenth. */
const watch = async (trials: AsyncIterable<Trial>, count: number): Promise<void> => {
  console.log('   trials     rate/s   heap MB');
  const heaps: [number, number][] = [];
  const step = Math.max(1, Math.floor(count / 10));
  const startedAtMs = performance.now();
  let [done, right] = [0, 0];
  let mark = startedAtMs;
  for await (const { score } of trials) {
    done += 1;
    right += score ?? 0;
    if (done % step !== 0) continue;
    const rate = step / ((performance.now() - mark) / 1000);
    const heap = heapMb();
    heaps.push([done, heap * 2 ** 20]);
    console.log(`${String(done).padStart(9)} ${rate.toFixed(0).padStart(10)} ${heap.toFixed(2).padStart(9)}`);
    mark = performance.now();
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  console.log(
    `  ${(done / seconds).toFixed(0)} trials a second, ${seconds.toFixed(0)} s, ${right / done} right`,
  );
  // Without the first tenth, where code is still being compiled, and the last, where less and less is out.
  console.log(`  heap slope ${linearRegression(heaps.slice(1, -1)).m.toFixed(3)} bytes a trial`);
};

try {
  console.log(`${total.toLocaleString('en')} questions, 3 models, ${CONCURRENCY} questions at a time`);
  const journal = await openJournal(path);
  const conditions = { majority: { models, normalization: 'numeric' as const } };
  await watch(
    runExperiment({ dataset: questions(total), conditions, journal, concurrency: CONCURRENCY }),
    total,
  );
  console.log(
    `  ${journal.count} calls, ${(statSync(path).size / journal.count).toFixed(0)} bytes a call in the journal`,
  );

  const few = Number(process.argv[4] ?? Math.min(total, 10_000));
  console.log(`\n${few.toLocaleString('en')} questions rescored: a voter, a hedge, a stop rule`);
  const others = {
    unanimous: { models, normalization: 'numeric' as const, strategy: 'unanimous' as const },
    hedged: { models, normalization: 'numeric' as const, execution: hedged({ hedgeDelayMs: 1 }) },
    decided: { models, normalization: 'numeric' as const, earlyStop: 'decided' as const },
  };
  await watch(
    rescore({ dataset: questions(few), conditions: others, journal, concurrency: CONCURRENCY }),
    3 * few,
  );
  await journal.close();
} finally {
  rmSync(folder, { recursive: true });
}
