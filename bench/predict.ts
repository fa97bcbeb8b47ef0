/**
 * What a prediction by three models costs beside the same written by hand, see `floors.ts`: CPU time of the main
 * thread, as ratios within one run, alone and with 1,000 at a time; and bytes. Each figure is the median of processes
 * that take turns, so that a busy machine slows all alike. Ends with 1 if a bar is missed.
 * `node bench/predict.ts 5` takes five rounds instead of three.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured } from './predict/measure.ts';
import type { MeasuredMemory } from './predict/measure-memory.ts';
import { type TaskName, tasks } from './predict/tasks.ts';

const ROUNDS = Number(process.argv[2] ?? 3);

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly most: number;
}

/** Runs a script with Node, and returns the figures that it prints. */
const run = <Figures>(script: string, { task = '', flags = [] as readonly string[] }): Figures => {
  const path = fileURLToPath(new URL(`predict/${script}`, import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [...flags, path, task], { encoding: 'utf8' }));
};

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const names = Object.keys(tasks) as TaskName[];
const rounds = Array.from(
  { length: ROUNDS },
  () => new Map(names.map((name) => [name, run<Measured>('measure.ts', { task: name })])),
);

/** The median over the rounds of the ratio to another task in the same round. */
const ratio = (name: TaskName, to: TaskName, figure: keyof Measured): number =>
  middle(
    rounds.map(
      (round) => (round.get(name)?.[figure] ?? Number.NaN) / (round.get(to)?.[figure] ?? Number.NaN),
    ),
  );
const micros = (name: TaskName, figure: keyof Measured): number =>
  middle(rounds.map((round) => round.get(name)?.[figure] ?? Number.NaN));

const cell = (text: string): string => text.padStart(11);
console.log('a prediction by three models: CPU time of the main thread, alone and 1,000 at a time');
console.log(['', '', 'alone', '', '', '1,000', ''].map(cell).join('').trimEnd());
console.log(['µs', '/ floor', '/ floorFull', 'µs', '/ floor', '/ floorFull'].map(cell).join(''));
for (const name of names) {
  const figures = (['aloneMicros', 'togetherMicros'] as const).flatMap((figure) => [
    micros(name, figure),
    ratio(name, 'floor', figure),
    ratio(name, 'floorFull', figure),
  ]);
  console.log(`${figures.map((value) => cell(value.toFixed(2))).join('')}  ${name}`);
}

const memory = run<MeasuredMemory>('measure-memory.ts', {
  flags: ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'],
});
const bars: readonly Bar[] = [
  { name: 'predict / floorFull, alone', value: ratio('predict', 'floorFull', 'aloneMicros'), most: 1.2 },
  {
    name: 'predict / floorFull, 1,000 at a time',
    value: ratio('predict', 'floorFull', 'togetherMicros'),
    most: 1.2,
  },
  { name: 'stream / floor, alone', value: ratio('stream', 'floor', 'aloneMicros'), most: 6 },
  { name: 'stream / floor, 1,000 at a time', value: ratio('stream', 'floor', 'togetherMicros'), most: 8 },
  { name: 'bytes a prediction', value: memory.prediction, most: 8000 },
  { name: 'bytes a call in flight, panel of 3', value: memory.callInPanel, most: 1300 },
];
console.log('\n      is     most');
for (const { name, value, most } of bars) {
  const digits = most < 100 ? 2 : 0;
  const verdict = value <= most ? '' : '   missed';
  console.log(`${value.toFixed(digits).padStart(8)} ${String(most).padStart(8)}  ${name}${verdict}`);
}
console.log(`${memory.singleCall.toFixed(0).padStart(8)}        –  bytes a call in flight, single`);
if (bars.some(({ value, most }) => !(value <= most))) process.exitCode = 1;
