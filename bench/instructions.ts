/**
 * The instructions of a prediction by three models, counted by Callgrind, which other work of the machine does not change.
 * Each task runs twice in Node with one thread, with more and with fewer predictions; the difference is what predictions take
 * when the code is compiled. Says so and ends with 0 if valgrind is not installed. `node bench/instructions.ts predict floor`
 * counts those tasks only.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { RowName } from './table/bars.ts';
import { report } from './table/report.ts';

/** Predictions until V8 has optimized the code, and further ones that are counted. */
const [WARM_UP, COUNTED] = [40_000, 10_000];
const TASKS: readonly string[] = ['floor', 'floorFull', 'predict', 'predict$', 'stream'];

const folder = mkdtempSync(join(tmpdir(), 'instructions-'));
const program = join(folder, 'repeat.mjs');

/** Returns the instructions of a process that makes predictions. */
const instructionsOf = (task: string, times: number): number => {
  const { stderr, status } = spawnSync(
    'valgrind',
    [
      '--tool=callgrind',
      '--callgrind-out-file=/dev/null',
      // V8 writes code while it runs, which valgrind has to notice.
      '--smc-check=all-non-file',
      process.execPath,
      '--single-threaded',
      '--random-seed=1',
      '--hash-seed=1',
      program,
      task,
      String(times),
    ],
    { encoding: 'utf8' },
  );
  const collected = /Collected : (\d+)/.exec(stderr)?.[1];
  if (status !== 0 || collected === undefined) throw new Error(`valgrind ended with ${status}: ${stderr}`);
  return Number(collected);
};

const hasValgrind = (): boolean => spawnSync('valgrind', ['--version']).status === 0;

/** Counts the instructions of tasks, and prints each next to that of the first one. */
const countAll = async (tasks: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  // One file without types, so that Node starts with few instructions.
  await build({
    entryPoints: [fileURLToPath(new URL('predict/repeat.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const node = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`instructions of a prediction by three models, the mean of ${COUNTED}, Node ${node}`);
  let base = Number.NaN;
  const counts = new Map<string, number>();
  for (const task of tasks) {
    const instructions = (instructionsOf(task, WARM_UP + COUNTED) - instructionsOf(task, WARM_UP)) / COUNTED;
    if (Number.isNaN(base)) base = instructions;
    counts.set(task, instructions);
    const figure = Math.round(instructions).toLocaleString('en').padStart(10);
    console.log(`${figure} ${(instructions / base).toFixed(2).padStart(8)}  ${task}`);
  }
  return counts;
};

const rows = {
  predict: 'instructionsPredict',
  stream: 'instructionsStream',
} as const satisfies Readonly<Record<string, RowName>>;

const tasks = process.argv.length > 2 ? process.argv.slice(2) : TASKS;
const counts = hasValgrind() ? await countAll(tasks) : undefined;
if (counts === undefined)
  console.log('valgrind is not installed, so no instructions are counted: apt-get install valgrind');
report(
  Object.fromEntries(
    Object.entries(rows)
      .filter(([task]) => tasks.includes(task))
      .map(([task, row]) => [row, counts === undefined ? 'not installed' : [counts.get(task) as number]]),
  ),
);
rmSync(folder, { recursive: true });
