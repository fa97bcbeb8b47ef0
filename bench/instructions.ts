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

/** Predictions until V8 has optimized the code, and further ones that are counted. */
const [WARM_UP, COUNTED] = [15_000, 5000];
const TASKS = ['floor', 'floorFull', 'predict', 'predict$', 'stream'] as const;

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

const countAll = async (tasks: readonly string[]): Promise<void> => {
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
  for (const task of tasks) {
    const instructions = (instructionsOf(task, WARM_UP + COUNTED) - instructionsOf(task, WARM_UP)) / COUNTED;
    if (Number.isNaN(base)) base = instructions;
    const figure = Math.round(instructions).toLocaleString('en').padStart(10);
    console.log(`${figure} ${(instructions / base).toFixed(2).padStart(8)}  ${task}`);
  }
};

if (hasValgrind()) await countAll(process.argv.length > 2 ? process.argv.slice(2) : TASKS);
else console.log('valgrind is not installed, so no instructions are counted: apt-get install valgrind');
rmSync(folder, { recursive: true });
