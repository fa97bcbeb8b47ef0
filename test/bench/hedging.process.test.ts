import { describe, expect, it } from 'vitest';
import { engineRun } from '../../bench/hedging/engine-run.ts';
import { logNormalPairs, type Pair, shifted, streamedPairs } from '../../bench/hedging/latencies.ts';
import {
  bestDelayMs,
  clairvoyantP99Ms,
  largestWindow,
  percentile,
  share,
  sinceCall,
} from '../../bench/hedging/measures.ts';
import { fixedRun, learnedRun } from '../../bench/hedging/plain-run.ts';
import { hedged } from '../../src/index.ts';

const QUESTIONS = 60_000;
const WARM = 200;

describe('the study of hedging', () => {
  it.each([6000, 8000, 10_000])(
    'has the learned delay within 2 % of the best fixed one at the p99, for a p99 of %i ms',
    (p99Ms) => {
      const pairs = logNormalPairs(QUESTIONS, p99Ms, 1);
      const warm = pairs.slice(WARM);
      const learned = sinceCall(WARM, learnedRun(pairs));
      const best = fixedRun(warm, bestDelayMs(warm, share(learned.isHedged)));
      expect(share(learned.isHedged)).toBeGreaterThan(0.045);
      expect(percentile(learned.totalsMs, 99) / percentile(best.totalsMs, 99)).toBeLessThanOrEqual(1.02);
    },
  );

  it('has no window of 10,000 calls above 5.5 % extra, whatever shifts', () => {
    const series = shifted(logNormalPairs(QUESTIONS, 8000, 1));
    const largest = largestWindow(learnedRun(series).isHedged);
    expect(largest).toBeGreaterThan(0.045);
    expect(largest).toBeLessThanOrEqual(0.055);
  });

  it('has hedges on the first token within 1.10 of a clairvoyant, and before those on completion', () => {
    const pairs = streamedPairs(QUESTIONS, 'shared', 1);
    const byToken = sinceCall(WARM, learnedRun(pairs, { on: 'firstToken' }));
    const p99Ms = percentile(byToken.totalsMs, 99);
    const clairvoyantMs = clairvoyantP99Ms(pairs.slice(WARM), share(byToken.isHedged));
    expect(p99Ms / clairvoyantMs).toBeGreaterThanOrEqual(1);
    expect(p99Ms / clairvoyantMs).toBeLessThanOrEqual(1.1);
    expect(p99Ms).toBeLessThan(percentile(sinceCall(WARM, learnedRun(pairs)).totalsMs, 99) * 0.9);
  });

  it('comes to the same through the executions in virtual time', () => {
    const pairs = shifted(logNormalPairs(3000, 8000, 3));
    const streamed = streamedPairs(3000, 'shared', 3);
    expect(engineRun(pairs, hedged({ delay: {} }))).toStrictEqual(learnedRun(pairs));
    expect(engineRun(pairs, hedged({ hedgeDelayMs: 1000 }))).toStrictEqual(fixedRun(pairs, 1000));
    expect(engineRun(streamed, hedged({ delay: {}, on: 'firstToken' }))).toStrictEqual(
      learnedRun(streamed, { on: 'firstToken' }),
    );
  });

  it('knows the best fixed delay and the clairvoyant of a few calls', () => {
    const pair = (primaryMs: number, backupMs: number): Pair => [
      { firstTokenMs: primaryMs, totalMs: primaryMs },
      { firstTokenMs: backupMs, totalMs: backupMs },
    ];
    const pairs = Array.from({ length: 100 }, (_, index) => pair(index + 1, 1));
    expect(bestDelayMs(pairs, 0.05)).toBe(95);
    expect(share(fixedRun(pairs, 95).isHedged)).toBe(0.05);
    // The five slowest are hedged, one may be late: 94 calls are in time by themselves.
    expect(Math.abs(clairvoyantP99Ms(pairs, 0.05) - 94)).toBeLessThanOrEqual(1);
  });
});
