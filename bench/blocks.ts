/**
 * The longest synchronous blocks of the library, as CPU time of the main thread between two callbacks. Each scenario runs
 * in a process of its own, so code that is not compiled yet counts, and twice, of which the shorter longest block counts: a
 * block of ours is in both. Exits with 1 if a bar is missed.
 *
 * Arguments: a part of the names of the scenarios to be run, and a share of their size (1).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Blocks, watchBlocks } from './blocks/monitor.ts';
import { scenarios } from './blocks/scenarios.ts';

const RUNS = 2;

/** The blocks of one scenario. */
export interface BlockRow extends Blocks {
  readonly scenario: string;
  readonly barMs: number;
}

/** Measures scenarios whose name contains `part`, at a share of their size; `show` receives each row. */
export const measureBlocks = async (
  part = '',
  share = 1,
  show: (row: BlockRow) => void = () => {},
): Promise<BlockRow[]> => {
  const rows: BlockRow[] = [];
  for (const [scenario, { barMs }] of Object.entries(scenarios)) {
    if (!scenario.includes(part)) continue;
    const runs: Blocks[] = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await inOwnProcess(scenario, share));
    const [best] = runs.sort((a, b) => a.longestMs - b.longestMs);
    const row = { scenario, barMs, ...(best as Blocks) };
    show(row);
    rows.push(row);
  }
  return rows;
};

const inOwnProcess = async (scenario: string, share: number): Promise<Blocks> => {
  const child = fork(import.meta.filename, [scenario, String(share)], {
    env: { ...process.env, BLOCKS_CHILD: '1' },
  });
  const failed = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`${scenario}: the process ended with ${code}`)),
  );
  const [blocks] = (await Promise.race([once(child, 'message'), failed])) as [Blocks];
  failed.catch(() => undefined);
  return blocks;
};

const watch = async (scenario: string, share: number): Promise<Blocks> => {
  const { run, remove } = (await scenarios[scenario]?.prepare(share)) ?? {};
  if (run === undefined) throw new Error(`there is no scenario ${scenario}`);
  try {
    const stop = watchBlocks();
    await run();
    return await stop();
  } finally {
    remove?.();
  }
};

/** Prints a row, marked if it misses its bar. */
export const printBlocks = ({ scenario, longestMs, p99Ms, barMs, longestWallMs }: BlockRow): void => {
  const cells = [longestMs.toFixed(1).padStart(12), p99Ms.toFixed(1).padStart(8), String(barMs).padStart(8)];
  const mark = longestMs > barMs ? '  MISSED' : '';
  console.log(`${cells.join(' ')} ${longestWallMs.toFixed(0).padStart(9)}   ${scenario}${mark}`);
};

const run = async (part = '', share = '1'): Promise<void> => {
  console.log('  longest ms   p99 ms   bar ms   as waited for');
  const rows = await measureBlocks(part, Number(share), printBlocks);
  if (rows.some(({ longestMs, barMs }) => longestMs > barMs)) process.exitCode = 1;
};

const [part, share] = process.argv.slice(2);
if (process.env.BLOCKS_CHILD !== undefined) process.send?.(await watch(part ?? '', Number(share)));
else if (import.meta.main) await run(part, share);
