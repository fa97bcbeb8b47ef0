/**
 * What an item costs as there are more of them: CPU time for each, from 10² to 10⁵, and its ratio to a tenth as many. The verdict
 * is `linear` if it never grows by more than a factor of 2 in a decade, which allows n log n. Exits with 1 if it does.
 *
 * An argument selects measures by a part of their name.
 */
import { type Measure, measures } from './scaling/measures.ts';

/** How much the cost of an item may grow while their number grows tenfold. */
const MOST = 2;

/** Runs of one size go on for this time, so that small sizes are measured many times. */
const ROUND_MS = 100;
const ROUNDS = 3;

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
  // The least of several rounds, which are interleaved: collecting garbage and other programs only add to it.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [place, { run }] of prepared.entries())
      least[place] = Math.min(least[place] as number, await nanosecondsOf(run));
  }
  for (const { remove } of prepared) remove?.();
  return sizes.map((size, place) => {
    const [items, before] = [itemsOf(size), itemsOf(sizes[place - 1] ?? size)];
    const nanoseconds = (least[place] as number) / items;
    const earlier = (least[place - 1] ?? Number.NaN) / before;
    const growth = place === 0 ? undefined : (nanoseconds / earlier) ** (1 / Math.log10(items / before));
    return { measure, size, nanoseconds, growth, isLinear: (growth ?? 1) < MOST };
  });
};

const nanosecondsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const startedAtMs = performance.now();
  const before = process.threadCpuUsage();
  let runs = 0;
  do {
    await run();
    runs += 1;
  } while (performance.now() - startedAtMs < ROUND_MS);
  const { user, system } = process.threadCpuUsage(before);
  return ((user + system) * 1000) / runs;
};

/** Prints the rows of a measure. */
export const printScaling = (rows: readonly ScalingRow[]): void => {
  console.log(`${rows[0]?.measure}: ${rows.every(({ isLinear }) => isLinear) ? 'linear' : 'NOT LINEAR'}`);
  for (const { size, nanoseconds, growth } of rows) {
    const ratio = growth === undefined ? '' : `× ${growth.toFixed(2)} a decade`;
    console.log(`${String(size).padStart(10)} ${nanoseconds.toFixed(0).padStart(10)} ns   ${ratio}`);
  }
};

if (import.meta.main) {
  const rows = await measureScaling(process.argv[2], printScaling);
  if (!rows.every(({ isLinear }) => isLinear)) process.exitCode = 1;
}
