import type { HedgeOptions } from './hedge-options.ts';
import { type LatencyHistogram, latencyHistogram } from './latency-histogram.ts';

/** How long each model is given before it is late, in milliseconds. */
export interface HedgeDelay {
  readonly msFor: (model: string) => number;
  /** Enters what was heard of a call, or how long it was out when it was given up; absent where nothing is learned. */
  readonly learn?: (model: string, latencyMs: number, wasGivenUp: boolean) => void;
  /** Notes what is known, and yields what puts that back. */
  readonly note: () => () => void;
}

/** The delay of hedges, fixed or learned for each model. What it learns lives as long as it does. */
export const hedgeDelay = ({
  hedgeDelayMs = 1000,
  delay,
}: Pick<HedgeOptions, 'hedgeDelayMs' | 'delay'>): HedgeDelay => {
  if (delay === undefined) return { msFor: () => hedgeDelayMs, note: () => () => undefined };
  const { percentile = 95, warmUpCalls = 50, minMs = 10, halfLifeCalls = 300 } = delay;
  const heard = new Map<string, LatencyHistogram>();
  return {
    msFor(model) {
      const latencies = heard.get(model);
      return latencies === undefined || latencies.heard() < warmUpCalls
        ? hedgeDelayMs
        : Math.max(minMs, Math.ceil(latencies.percentileMs(percentile)));
    },
    learn(model, latencyMs, wasGivenUp) {
      const latencies = heard.get(model) ?? latencyHistogram(halfLifeCalls);
      heard.set(model, latencies);
      latencies.add(latencyMs, wasGivenUp);
    },
    note() {
      const was = Array.from(heard, ([model, latencies]) => [model, latencies, latencies.note()] as const);
      return () => {
        heard.clear();
        for (const [model, latencies, putBack] of was) {
          putBack();
          heard.set(model, latencies);
        }
      };
    },
  };
};
