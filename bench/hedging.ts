/**
 * What a learned hedge delay is worth: the latency histogram and the hedge bucket alone, as plain arithmetic
 * on drawn latencies, one backup, without timers. The executions do not use them yet.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { drawsFor } from '../src/models/random.ts';
import { hedgeBucket } from './hedging/hedge-bucket.ts';
import { latencyHistogram } from './hedging/latency-histogram.ts';

const REQUESTS = 200_000;
const WARM = 200;
const WINDOW = 10_000;
const RECORDED = new URL('../../shared/data/prime-llmdrift-4models.jsonl.gz', import.meta.url);

type Pair = readonly [primaryMs: number, backupMs: number];
interface Run {
  readonly totals: number[];
  readonly hedges: boolean[];
}

const seeded = (seed: number) => drawsFor(`hedging ${seed}`);

const fixed = (pairs: readonly Pair[], delayMs: number): Run => ({
  totals: pairs.map(([primary, backup]) => Math.min(primary, delayMs + backup)),
  hedges: pairs.map(([primary]) => primary > delayMs),
});

const adaptive = (pairs: readonly Pair[]): Run => {
  const latencies = latencyHistogram(300);
  const bucket = hedgeBucket(0.05);
  const run: Run = { totals: [], hedges: [] };
  for (const [primary, backup] of pairs) {
    bucket.earn();
    const delayMs = latencies.count() < 50 ? 1000 : Math.max(10, latencies.percentileMs(95));
    const isHedged = primary > delayMs && bucket.spend();
    const total = isHedged ? Math.min(primary, delayMs + backup) : primary;
    // A cancelled primary counts at its cancellation: later than the delay, which is all the percentile needs.
    latencies.add(total);
    run.totals.push(total);
    run.hedges.push(isHedged);
  }
  return run;
};

const share = (hedges: readonly boolean[]): number => hedges.filter(Boolean).length / hedges.length;

const largestWindow = (hedges: readonly boolean[]): number => {
  let inside = 0;
  let largest = 0;
  hedges.forEach((isHedged, index) => {
    inside += Number(isHedged) - Number(hedges[index - WINDOW] ?? false);
    largest = Math.max(largest, inside);
  });
  return largest / WINDOW;
};

const percentile = (totals: readonly number[], percent: number): number =>
  totals.toSorted((a, b) => a - b)[Math.floor((totals.length * percent) / 100)] ?? Number.NaN;

/** The shortest delay that hedges no more than `extra` of the calls, which is the best blind one. */
const bestDelay = (pairs: readonly Pair[], extra: number): number => {
  let [low, high] = [0, 1e6];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (share(fixed(pairs, middle).hedges) > extra) low = middle;
    else high = middle;
  }
  return high;
};

const row = (run: Run) => {
  const [p50, p95, p99, p999] = [50, 95, 99, 99.9].map((percent) =>
    Math.round(percentile(run.totals, percent)),
  );
  return { p50, p95, p99, 'p99.9': p999, 'extra %': +(share(run.hedges) * 100).toFixed(2) };
};

const report = (title: string, pairs: readonly Pair[]): void => {
  const warm = pairs.slice(WARM);
  const learned = adaptive(pairs);
  const warmed = { totals: learned.totals.slice(WARM), hedges: learned.hedges.slice(WARM) };
  const delayMs = bestDelay(warm, share(warmed.hedges));
  const best = fixed(warm, delayMs);
  console.log(`\n${title}`);
  console.table({
    none: row({ totals: warm.map(([primary]) => primary), hedges: warm.map(() => false) }),
    'fixed 1000': row(fixed(warm, 1000)),
    adaptive: row(warmed),
    [`best fixed, ${Math.round(delayMs)}`]: row(best),
  });
  const ratio = percentile(warmed.totals, 99) / percentile(best.totals, 99);
  const shifted = pairs.map(([a, b], index): Pair => (index < REQUESTS / 2 ? [a, b] : [a * 3, b * 3]));
  console.log(`adaptive p99 / best fixed p99: ${ratio.toFixed(4)}`);
  console.log(
    `largest extra share of ${WINDOW} calls: ${(largestWindow(learned.hedges) * 100).toFixed(2)} %`,
  );
  console.log(`… with a shift by 3 midway: ${(largestWindow(adaptive(shifted).hedges) * 100).toFixed(2)} %`);
};

const drawn = (draw: () => Pair): Pair[] => Array.from({ length: REQUESTS }, draw);

for (const seed of [1, 2, 3]) {
  for (const p99 of [6000, 8000, 10_000]) {
    const random = seeded(seed * 1000 + p99);
    const sigma = Math.log(p99 / 800) / 2.326_348;
    const latency = () =>
      800 * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
    report(
      `log-normal, median 800 ms, p99 ${p99} ms, seed ${seed}`,
      drawn(() => [latency(), latency()]),
    );
  }
}

if (existsSync(RECORDED)) {
  const lines = gunzipSync(readFileSync(RECORDED)).toString('utf8').trim().split('\n');
  const questions: { responses: { model: string; latencyMs: number }[] }[] = lines.map((line) =>
    JSON.parse(line),
  );
  const random = seeded(4);
  for (const [primary, backup] of [
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 2],
  ] as const) {
    const recorded = questions.flatMap(({ responses }): Pair[] => {
      const [a, b] = [responses[primary]?.latencyMs, responses[backup]?.latencyMs];
      return a && b ? [[a, b]] : [];
    });
    const names = [primary, backup].map((index) => questions[0]?.responses[index]?.model).join(', backup ');
    report(
      `recorded (${recorded.length} questions, resampled): ${names}`,
      drawn(() => recorded[Math.floor(random() * recorded.length)] as Pair),
    );
  }
}
