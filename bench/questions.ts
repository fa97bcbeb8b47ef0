/**
 * Many questions through `predictAll` at concurrency 1,000, by models that answer at once. Shows that the
 * rate does not fall and the heap does not grow with the number of questions, and that the source is read
 * no further ahead than it has to be, also by a slow consumer. Then compares its CPU time with that of a pool of `predict`
 * by hand, in turns.
 *
 * Run with `--expose-gc`; an argument sets the number of questions (1,000,000). `--quick` only compares.
 */
import { setImmediate as tick } from 'node:timers/promises';
import { of } from 'rxjs';
import { createEnsemble, defineModel, type Model } from '../src/index.ts';
import { report } from './table/report.ts';

const CONCURRENCY = 1000;
const isQuick = process.argv.includes('--quick');
const total = isQuick ? 0 : Number(process.argv[2] ?? 1_000_000);

const panel: Model[] = ['Paris', 'Paris', 'Lyon'].map((text, index) => ({
  id: `model-${index}`,
  call: () => of({ text }),
}));
const ensemble = createEnsemble({ models: panel });

/** A source that counts how far it was read. */
const counted = (count: number) => {
  const source = {
    read: 0,
    *[Symbol.iterator]() {
      for (; source.read < count; ) {
        source.read += 1;
        yield `question ${source.read}`;
      }
    },
  };
  return source;
};

const heapMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const watch = async (): Promise<void> => {
  console.log(`predictAll, concurrency ${CONCURRENCY}, 3 models, ${total.toLocaleString('en')} questions`);
  console.log('  questions      rate/s   heap MB   furthest ahead');
  const source = counted(total);
  const rates: number[] = [];
  let done = 0;
  let ahead = 0;
  let mark = performance.now();
  const step = total / 10;
  for await (const _prediction of ensemble.predictAll(source, { concurrency: CONCURRENCY })) {
    done += 1;
    ahead = Math.max(ahead, source.read - done);
    if (done % step !== 0) continue;
    const rate = step / ((performance.now() - mark) / 1000);
    rates.push(rate);
    console.log(
      `  ${String(done).padStart(9)} ${rate.toFixed(0).padStart(11)} ${heapMb().toFixed(1).padStart(9)} ${String(ahead).padStart(16)}`,
    );
    mark = performance.now();
  }
  const [first = Number.NaN] = rates;
  console.log(
    `  rate of the last tenth beside the first: ${((rates.at(-1) ?? Number.NaN) / first).toFixed(2)}`,
  );

  const slow = counted(20_000);
  let slowAhead = 0;
  let consumed = 0;
  for await (const _prediction of ensemble.predictAll(slow, { concurrency: CONCURRENCY })) {
    consumed += 1;
    slowAhead = Math.max(slowAhead, slow.read - consumed);
    if (consumed % 10 === 0) await tick();
  }
  console.log(
    `  a slow consumer: at most ${slowAhead} questions ahead (concurrency + 1 = ${CONCURRENCY + 1})`,
  );
};

/** The CPU time of the main thread for one question, in microseconds. */
const cpuMicros = async (questions: number, work: (questions: number) => Promise<void>): Promise<number> => {
  const before = process.threadCpuUsage();
  await work(questions);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / questions;
};

/** Models that answer on the next turn of the event loop, as models over a network do. */
const later = createEnsemble({
  models: ['Paris', 'Paris', 'Lyon'].map((text, index) =>
    defineModel(`model-${index}`, () => new Promise<string>((resolve) => setImmediate(resolve, text))),
  ),
});
const all = async (questions: number): Promise<void> => {
  for await (const _prediction of later.predictAll(counted(questions), { concurrency: CONCURRENCY }));
};
const pool = async (questions: number): Promise<void> => {
  const source = counted(questions)[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const question of source) await later.predict(question);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
};

const compare = async (): Promise<void> => {
  const size = isQuick ? 20_000 : 100_000;
  const rounds: number[] = [];
  for (let round = 0; round <= 5; round += 1) {
    const [pooled, ours] = [await cpuMicros(size, pool), await cpuMicros(size, all)];
    // The first round warms up.
    if (round > 0) rounds.push(pooled / ours);
    console.log(
      `  ${pooled.toFixed(2)} µs a question in a pool of predict, ${ours.toFixed(2)} µs in predictAll`,
    );
  }
  report({ predictAll: rounds });
};

if (!isQuick) await watch();
await compare();
