/**
 * Many questions through `predictAll` at concurrency 1,000, by models that answer at once. Shows that the
 * rate does not fall and the heap does not grow with the number of questions, and that the source is read
 * no further ahead than it has to be, also by a slow consumer.
 *
 * Run with `--expose-gc`; an argument sets the number of questions (1,000,000).
 */
import { setImmediate as tick } from 'node:timers/promises';
import { of } from 'rxjs';
import { createEnsemble, type Model } from '../src/index.ts';

const CONCURRENCY = 1000;
const total = Number(process.argv[2] ?? 1_000_000);

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
console.log(`  a slow consumer: at most ${slowAhead} questions ahead (concurrency + 1 = ${CONCURRENCY + 1})`);
