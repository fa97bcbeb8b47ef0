/**
 * What policies and prices cost: CPU time of the main thread for a prediction by three models, as ratios to the same
 * prediction without them. Each figure is the median of processes that take turns. Ends with 1 if a bar is missed.
 * `node bench/policies.ts 5` takes five rounds instead of three.
 */
import { type PolicyTask, tasks } from './policies/tasks.ts';
import type { Measured } from './predict/measure.ts';
import { measureInTurns } from './table/in-turns.ts';
import { median } from './table/judge.ts';
import { report } from './table/report.ts';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : Number(process.argv[2] ?? 3);
/** The tasks of the rows of the table of speed. */
const quick: readonly string[] = ['predict', 'cache hit', 'priceOf, 100 calls'];
const only = isQuick ? quick : process.argv.slice(3);

const STREAM = 'stream of 200 deltas';
/** The most that a task may take of another one. */
const bars: readonly (readonly [task: PolicyTask, base: PolicyTask, most: number])[] = [
  ['retry', 'predict', 1.4],
  ['circuitBreaker', 'predict', 1.5],
  ['concurrency', 'predict', 1.5],
  ['rateLimit', 'predict', 1.8],
  ['budget', 'predict', 2],
  ['all five', 'predict', 3],
  ['cache hit', 'predict', 3],
  ['cache miss', 'predict', 5],
  ['a pricing', 'predict', 1.2],
  ['genaiPrices()', 'predict', 1.5],
  ['the same with retry', STREAM, 1.5],
  ['the same with circuitBreaker', STREAM, 1.5],
  ['the same with all five', STREAM, 3],
];
/** The most that a price may take, in microseconds. */
const MOST_PRICE_MICROS = 1;

const names = (Object.keys(tasks) as PolicyTask[]).filter((name) => only.length === 0 || only.includes(name));
const module = new URL('policies/tasks.ts', import.meta.url);
const { each, micros, ratios } = measureInTurns(
  names.map((name) => ({ name, module })),
  { rounds: ROUNDS, isQuick },
);
const ratio = (name: PolicyTask, to: PolicyTask, figure: keyof Measured): number =>
  median(ratios(name, to, figure));

console.log('a prediction by three models: CPU time of the main thread, alone and 1,000 at a time');
for (const name of names) {
  const [alone, together] = [micros(name, 'aloneMicros'), micros(name, 'togetherMicros')];
  console.log(`${alone.toFixed(2).padStart(9)} µs ${together.toFixed(2).padStart(9)} µs  ${name}`);
}
console.log('\n    alone  at 1,000     most');
for (const [name, base, most] of bars) {
  if (!names.includes(name) || !names.includes(base)) continue;
  const [alone, together] = [ratio(name, base, 'aloneMicros'), ratio(name, base, 'togetherMicros')];
  const isMissed = !(alone <= most);
  if (isMissed) process.exitCode = 1;
  console.log(
    `${alone.toFixed(2).padStart(9)} ${together.toFixed(2).padStart(9)} ${most.toFixed(1).padStart(8)}  ${name} / ${base}${isMissed ? '   missed' : ''}`,
  );
}
if (names.includes('priceOf, 100 calls')) {
  const price = micros('priceOf, 100 calls', 'aloneMicros') / 100;
  const isMissed = !(price <= MOST_PRICE_MICROS);
  if (isMissed) process.exitCode = 1;
  console.log(
    `${price.toFixed(2).padStart(9)} ${''.padStart(9)} ${MOST_PRICE_MICROS.toFixed(1).padStart(8)}  µs for a price of genaiPrices()${isMissed ? '   missed' : ''}`,
  );
}
if (quick.every((name) => names.includes(name as PolicyTask)))
  report({
    cacheHit: ratios('cache hit', 'predict', 'aloneMicros'),
    genaiPrices: each('priceOf, 100 calls', 'aloneMicros').map((value) => value / 100),
  });
