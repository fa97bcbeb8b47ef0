import { Bench } from 'tinybench';

/**
 * Runs tasks in one process and prints each one's time as a ratio to the first, which makes the figures
 * comparable between machines. Rounds are interleaved, and the medians of their medians are compared, so
 * that a noisy neighbour hits all alike.
 */
export const ratios = async (
  title: string,
  tasks: Readonly<Record<string, () => unknown>>,
  { rounds = 7, timeMs = 150 }: { readonly rounds?: number; readonly timeMs?: number } = {},
): Promise<Record<string, number>> => {
  const medians = new Map<string, number[]>(Object.keys(tasks).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const bench = new Bench({ time: timeMs, warmupTime: round === 0 ? timeMs : 20 });
    for (const [name, task] of Object.entries(tasks)) bench.add(name, batched(task));
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (result.state === 'completed') medians.get(name)?.push((result.latency.p50 * 1000) / BATCH);
      else throw new Error(`${name}: ${result.state}`, 'error' in result ? { cause: result.error } : {});
    }
  }
  const micros = Array.from(medians, ([name, values]) => [name, middle(values)] as const);
  const base = micros[0]?.[1] ?? Number.NaN;
  console.log(`\n${title}`);
  for (const [name, value] of micros) {
    console.log(`  ${(value / base).toFixed(2).padStart(8)}  ${name} (${value.toFixed(2)} µs)`);
  }
  return Object.fromEntries(micros.map(([name, value]) => [name, value / base]));
};

/** Timers are too coarse for a single call of a few microseconds. */
const BATCH = 100;

const batched = (task: () => unknown) => async () => {
  for (let call = 0; call < BATCH; call += 1) await task();
};

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
