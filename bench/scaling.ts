/**
 * What an item costs as there are more of them: CPU time for each, from 10² to 10⁵, and its ratio to a tenth as many. The verdict
 * is `linear` if it never grows by more than a factor of 2 in a decade, which allows n log n. Exits with 1 if it does.
 *
 * An argument selects measures by a part of their name.
 */
import { type Measure, measures } from './scaling/measures.ts';

/** How much the cost of an item may grow while their number grows tenfold. */
const MOST = 2;

/**
 * Runs of one size go on until they have taken this time of the main thread, which is counted in ticks of some milliseconds. On
 * a busy machine, as much time on the clock may contain too few of them.
 */
const ROUND_MS = 100;
const ROUNDS = 3;

/** As long as a measure seems not to be linear, it has more rounds, up to this number: what is due to noise does not last. */
const MOST_ROUNDS = 9;

/** The cost of an item at one size. */
export interface ScalingRow {
  readonly measure: string;
  readonly size: number;
  /** CPU time of the main thread for each item, in nanoseconds. */
  readonly nanoseconds: number;
  /** To the size before, for a tenfold number of items; `undefined` for the first size. */
  readonly growth: number | undefined;
  readonly isLinear: boolean;
}

/** Measures what has `part` in its name; `show` receives the rows of each measure. */
export const measureScaling = async (
  part = '',
  show: (rows: readonly ScalingRow[]) => void = () => {},
): Promise<ScalingRow[]> => {
  const all: ScalingRow[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    if (!name.includes(part)) continue;
    const rows = await rowsOf(name, measure);
    show(rows);
    all.push(...rows);
  }
  return all;
};

const rowsOf = async (
  measure: string,
  { sizes, itemsOf = (size) => size, prepare }: Measure,
): Promise<ScalingRow[]> => {
  const prepared = await Promise.all(sizes.map(prepare));
  const least = sizes.map(() => Number.POSITIVE_INFINITY);
  const rows = (): ScalingRow[] =>
    sizes.map((size, place) => {
      const [items, before] = [itemsOf(size), itemsOf(sizes[place - 1] ?? size)];
      const nanoseconds = (least[place] as number) / items;
      const earlier = (least[place - 1] ?? Number.NaN) / before;
      const growth = place === 0 ? undefined : (nanoseconds / earlier) ** (1 / Math.log10(items / before));
      return { measure, size, nanoseconds, growth, isLinear: (growth ?? 1) < MOST };
    });
  // The least of several rounds, which are interleaved: collecting garbage and other programs only add to it.
  for (let round = 0; round < ROUNDS || (round < MOST_ROUNDS && !isLinear(rows())); round += 1) {
    for (const [place, { run }] of prepared.entries())
      least[place] = Math.min(least[place] as number, await nanosecondsOf(run));
  }
  for (const { remove } of prepared) remove?.();
  return rows();
};

const isLinear = (rows: readonly ScalingRow[]): boolean => rows.every(({ isLinear }) => isLinear);

const nanosecondsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const before = process.threadCpuUsage();
  let spentMs = 0;
  let runs = 0;
  do {
    // To ask for the CPU time takes as long as some runs, so it is not asked after each.
    const fromMs = performance.now();
    do {
      await run();
      runs += 1;
    } while (performance.now() - fromMs < ROUND_MS / 10);
    const { user, system } = process.threadCpuUsage(before);
    spentMs = (user + system) / 1000;
  } while (spentMs < ROUND_MS);
  return (spentMs * 1e6) / runs;
};

/** Prints the rows of a measure. */
export const printScaling = (rows: readonly ScalingRow[]): void => {
  console.log(`${rows[0]?.measure}: ${isLinear(rows) ? 'linear' : 'NOT LINEAR'}`);
  for (const { size, nanoseconds, growth } of rows) {
    const ratio = growth === undefined ? '' : `× ${growth.toFixed(2)} a decade`;
    console.log(`${String(size).padStart(10)} ${nanoseconds.toFixed(0).padStart(10)} ns   ${ratio}`);
  }
};

if (import.meta.main) {
  const rows = await measureScaling(process.argv[2], printScaling);
  if (!isLinear(rows)) process.exitCode = 1;
}
