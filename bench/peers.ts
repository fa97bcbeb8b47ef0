/**
 * A prediction by three models with other libraries, as a ratio to `predict` in the same round: CPU time of the main thread,
 * in processes that take turns. The libraries are installed into `temp/bench-peers` when the bench runs; without a network
 * their rows have no figures. `node bench/peers.ts 5` takes five rounds instead of three.
 */
import { areInstalled } from './peers/install.ts';
import { measureInTurns } from './table/in-turns.ts';
import { type Figures, report } from './table/report.ts';

const ours = new URL('predict/tasks.ts', import.meta.url);
const theirs = {
  langchain: new URL('peers/langchain.ts', import.meta.url),
  aiSdk: new URL('peers/ai-sdk.ts', import.meta.url),
  effect: new URL('peers/effect.ts', import.meta.url),
  effectPlain: new URL('peers/effect.ts', import.meta.url),
  promisePool: new URL('peers/promise-pool.ts', import.meta.url),
} as const;
const TEXTBOOK = 'textbook RxJS: defer, map, catchError, merge, scan, last';
const names = Object.keys(theirs) as (keyof typeof theirs)[];

const turns = [
  { name: 'predict', module: ours },
  { name: TEXTBOOK, module: ours },
  ...(areInstalled ? names.map((name) => ({ name, module: theirs[name] })) : []),
];
const { micros, ratios } = measureInTurns(turns, { rounds: Number(process.argv[2] ?? 3) });

console.log('µs of the main thread, alone and 1,000 at a time');
for (const { name } of turns) {
  const figures = (['aloneMicros', 'togetherMicros'] as const).map((figure) => micros(name, figure));
  console.log(`${figures.map((value) => value.toFixed(2).padStart(9)).join('')}  ${name}`);
}
const figures: Figures = {
  ...Object.fromEntries(
    names.map((name) => [name, areInstalled ? ratios(name, 'predict', 'aloneMicros') : 'not installed']),
  ),
  textbook: ratios(TEXTBOOK, 'predict', 'aloneMicros'),
};
report(figures);
