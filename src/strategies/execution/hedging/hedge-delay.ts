import { completed } from '../../../options.ts';
import { type CompletedHedge, hedgeSpecs, learnedSpecs } from './hedge-options.ts';
import { type LatencyHistogram, latencyHistogram } from './latency-histogram.ts';

/** The time after which a call of each model is late. */
export interface HedgeDelay {
  readonly msFor: (model: string) => number;
  /** Adds the latency of a call, or the time until it failed or was cancelled. Absent if the delay is fixed. */
  readonly learn?: (model: string, latencyMs: number, isCensored: boolean) => void;
  /** The ratio of calls that are late. Absent if the delay is fixed. */
  readonly lateRatio?: number;
  /** Takes a snapshot and returns a function that restores it. */
  readonly snapshot: () => () => void;
}

/** Makes the delay of hedges, fixed or learned for each model. */
export const hedgeDelay = (options: Partial<CompletedHedge>): HedgeDelay => {
  const { hedgeDelayMs, delay } = completed(options, hedgeSpecs);
  if (delay === undefined) return { msFor: () => hedgeDelayMs, snapshot: () => () => undefined };
  const { percentile, warmUpCalls, minMs, halfLifeCalls } = completed(delay, learnedSpecs);
  const histograms = new Map<string, LatencyHistogram>();
  return {
    lateRatio: 1 - percentile / 100,
    msFor(model) {
      const latencies = histograms.get(model);
      return latencies === undefined || latencies.completed() < warmUpCalls
        ? hedgeDelayMs
        : Math.max(minMs, Math.ceil(latencies.percentileMs(percentile)));
    },
    learn(model, latencyMs, isCensored) {
      const latencies = histograms.get(model) ?? latencyHistogram(halfLifeCalls);
      histograms.set(model, latencies);
      latencies.add(latencyMs, isCensored);
    },
    snapshot() {
      const then = Array.from(
        histograms,
        ([model, latencies]) => [model, latencies, latencies.snapshot()] as const,
      );
      return () => {
        histograms.clear();
        for (const [model, latencies, restore] of then) {
          restore();
          histograms.set(model, latencies);
        }
      };
    },
  };
};
