import type { Latency, Pair } from './latencies.ts';

/** What became of a series of questions: how long each took, and whether it was hedged. */
export interface Result {
  readonly totalsMs: readonly number[];
  readonly isHedged: readonly boolean[];
}

/** What has to come in time. */
export const awaited = (on: 'completion' | 'firstToken', { firstTokenMs, totalMs }: Latency): number =>
  on === 'completion' ? totalMs : firstTokenMs;

export const percentile = (values: readonly number[], percent: number): number =>
  Float64Array.from(values).sort()[Math.floor((values.length * percent) / 100)] ?? Number.NaN;

export const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

export const sinceCall = (count: number, { totalsMs, isHedged }: Result): Result => ({
  totalsMs: totalsMs.slice(count),
  isHedged: isHedged.slice(count),
});

/** The largest share of hedges in any so many questions in a row. */
export const largestWindow = (flags: readonly boolean[], size = 10_000): number => {
  let inside = 0;
  let largest = 0;
  flags.forEach((flag, index) => {
    inside += Number(flag) - Number(flags[index - size] ?? false);
    largest = Math.max(largest, inside);
  });
  return largest / size;
};

/** The shortest fixed delay that hedges no more than a share of the calls, which is the best one of those who are blind. */
export const bestDelayMs = (
  pairs: readonly Pair[],
  extraShare: number,
  on: 'completion' | 'firstToken' = 'completion',
): number => {
  const sorted = Float64Array.from(pairs, ([primary]) => awaited(on, primary)).sort();
  return sorted[Math.ceil(sorted.length * (1 - extraShare)) - 1] ?? 0;
};

/**
 * The 99th percentile of somebody who knows before the start how long both calls would take, and asks both at once where
 * that helps, for no more than a share of the questions: the least x so that at most 1 % are later than x when
 * the questions are hedged of which the primary is later than x and the backup is not.
 */
export const clairvoyantP99Ms = (pairs: readonly Pair[], extraShare: number): number => {
  let [low, high] = [
    0,
    percentile(
      pairs.map(([primary]) => primary.totalMs),
      99,
    ),
  ];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    const late = pairs.filter(([primary]) => primary.totalMs > middle);
    const helped = late.filter(([, backup]) => backup.totalMs <= middle).length;
    if (late.length - Math.min(helped, extraShare * pairs.length) <= pairs.length / 100) high = middle;
    else low = middle;
  }
  return high;
};
