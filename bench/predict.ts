/**
 * What a prediction by three models costs beside the same written by hand, see `floors.ts`: CPU time of the main
 * thread, as ratios within one run, alone and with 1,000 at a time; and bytes. Each figure is the median of processes
 * that take turns, so that a busy machine slows all alike. Ends with 1 if a bar is missed beyond noise.
 * `node bench/predict.ts 5` takes five rounds instead of three; `--quick` takes shorter ones, of the rows with bars.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MeasuredMemory } from './predict/measure-memory.ts';
import { type TaskName, tasks } from './predict/tasks.ts';
import { measureInTurns } from './table/in-turns.ts';
import { median } from './table/judge.ts';
import { report } from './table/report.ts';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : Number(process.argv[2] ?? 3);

/** The tasks of the rows with bars, and what they are compared with. */
const BARRED = new Set<TaskName>([
  'floor',
  'floorFull',
  'predict',
  'stream',
  'predict, signal',
  'predict, deadlineMs',
]);
const names = (Object.keys(tasks) as TaskName[]).filter((name) => !isQuick || BARRED.has(name));
const module = new URL('predict/tasks.ts', import.meta.url);
const { micros, ratios } = measureInTurns(
  names.map((name) => ({ name, module })),
  { rounds: ROUNDS, isQuick },
);

const cell = (text: string): string => text.padStart(11);
console.log('a prediction by three models: CPU time of the main thread, alone and 1,000 at a time');
console.log(['', '', 'alone', '', '', '1,000', ''].map(cell).join('').trimEnd());
console.log(['µs', '/ floor', '/ floorFull', 'µs', '/ floor', '/ floorFull'].map(cell).join(''));
for (const name of names) {
  const figures = (['aloneMicros', 'togetherMicros'] as const).flatMap((figure) => [
    micros(name, figure),
    median(ratios(name, 'floor', figure)),
    median(ratios(name, 'floorFull', figure)),
  ]);
  console.log(`${figures.map((value) => cell(value.toFixed(2))).join('')}  ${name}`);
}

const [young, script] = [256, fileURLToPath(new URL('predict/measure-memory.ts', import.meta.url))];
const memory: MeasuredMemory = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--expose-gc',
      `--min-semi-space-size=${young}`,
      `--max-semi-space-size=${young}`,
      '--max-old-space-size=6000',
      script,
      ...(isQuick ? ['--quick'] : []),
    ],
    { encoding: 'utf8' },
  ),
);
report({
  predictAlone: ratios('predict', 'floorFull', 'aloneMicros'),
  predictTogether: ratios('predict', 'floorFull', 'togetherMicros'),
  predictSignal: ratios('predict, signal', 'floor', 'aloneMicros'),
  predictDeadline: ratios('predict, deadlineMs', 'floor', 'aloneMicros'),
  streamAlone: ratios('stream', 'floor', 'aloneMicros'),
  streamTogether: ratios('stream', 'floor', 'togetherMicros'),
  predictionBytes: [memory.prediction],
  callBytesInPanel: [memory.callInPanel],
  callBytesSingle: [memory.singleCall],
  ...(memory.millionCallsGib !== undefined && { millionCalls: [memory.millionCallsGib] }),
});
