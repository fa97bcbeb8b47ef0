/**
 * Measures one task in a process of its own, and prints the figures as JSON:
 * `measure.ts <task> [<module of the tasks>] [--quick]`.
 */
import { argv } from 'node:process';
import { median } from '../table/judge.ts';
import { threadMicros } from '../thread-micros.ts';

/** The figures of one task. */
export interface Measured {
  /** CPU time of the main thread for one prediction, in microseconds, one after the other. */
  readonly aloneMicros: number;
  /** The same with 1,000 predictions at a time. */
  readonly togetherMicros: number;
}

const TOGETHER = 1000;
const [name = '', module = './tasks.ts'] = argv.slice(2).filter((argument) => argument !== '--quick');
const isQuick = argv.includes('--quick');
const ROUNDS = isQuick ? 4 : 7;
const ROUND_MICROS = 60_000;
/** The compiler takes its time until code is as fast as it gets. */
const WARM_UP_MICROS = isQuick ? 400_000 : 600_000;

type Tasks = Readonly<Record<string, () => Promise<unknown>>>;
const { tasks } = (await import(module)) as { tasks: Tasks };
const task = tasks[name];
if (task === undefined) throw new Error(`there is no task "${name}"`);

/** Returns the median over rounds of the CPU time for one prediction; `work` makes 1,000. */
const measure = async (work: () => Promise<unknown>): Promise<number> => {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const start = threadMicros();
    let taken = 0;
    let times = 0;
    while (taken < (round === 0 ? WARM_UP_MICROS : ROUND_MICROS)) {
      await work();
      times += 1;
      taken = threadMicros() - start;
    }
    if (round > 0) rounds.push(taken / (times * TOGETHER));
  }
  return median(rounds);
};

const aloneMicros = await measure(async () => {
  for (let time = 0; time < TOGETHER; time += 1) await task();
});
const togetherMicros = await measure(() => Promise.all(Array.from({ length: TOGETHER }, () => task())));
const measured: Measured = { aloneMicros, togetherMicros };
console.log(JSON.stringify(measured));
