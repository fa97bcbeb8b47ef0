import { tokenBucket } from '../../src/domain/token-bucket.ts';
import { hedgeDelay } from '../../src/strategies/execution/hedging/hedge-delay.ts';
import type { LearnedDelay } from '../../src/strategies/execution/hedging/hedge-options.ts';
import type { Pair } from './latencies.ts';
import { awaited, type Result } from './measures.ts';

export interface PlainRunOptions {
  readonly on?: 'completion' | 'firstToken';
  readonly delay?: LearnedDelay;
  /** What the estimator is told of a primary that was cancelled, for comparison: the execution says `given up`. */
  readonly cancelledCountsAs?: 'given up' | 'ended' | 'as long as its winner';
}

/** One hedge at a fixed delay, without a budget. */
export const fixedRun = (
  pairs: readonly Pair[],
  delayMs: number,
  on: 'completion' | 'firstToken' = 'completion',
): Result => ({
  totalsMs: pairs.map(([primary, backup]) =>
    awaited(on, primary) > delayMs ? Math.min(primary.totalMs, delayMs + backup.totalMs) : primary.totalMs,
  ),
  isHedged: pairs.map(([primary]) => awaited(on, primary) > delayMs),
});

/** One question after the other: the delay, the estimator and the budget of the executions, without the executions. */
export const learnedRun = (
  pairs: readonly Pair[],
  { on = 'completion', delay = {}, cancelledCountsAs = 'given up' }: PlainRunOptions = {},
): Result => {
  const { msFor, learn } = hedgeDelay({ delay });
  const extraRatio = 1 - (delay.percentile ?? 95) / 100;
  const bucket = tokenBucket({ capacity: 10, level: 0 });
  const totalsMs: number[] = [];
  const isHedged: boolean[] = [];
  for (const [primary, backup] of pairs) {
    bucket.earn(extraRatio);
    const delayMs = msFor('primary');
    const heardMs = awaited(on, primary);
    const hedged = heardMs > delayMs && bucket.spend();
    const totalMs = hedged ? Math.min(primary.totalMs, delayMs + backup.totalMs) : primary.totalMs;
    const wasCancelled = heardMs > totalMs;
    const learntMs =
      wasCancelled && cancelledCountsAs === 'as long as its winner'
        ? awaited(on, backup)
        : Math.min(heardMs, totalMs);
    learn?.('primary', learntMs, wasCancelled && cancelledCountsAs === 'given up');
    totalsMs.push(totalMs);
    isHedged.push(hedged);
  }
  return { totalsMs, isHedged };
};
