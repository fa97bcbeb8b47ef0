/** What is remembered of a model's latencies: recent calls weigh more. */
export interface LatencyHistogram {
  readonly add: (latencyMs: number) => void;
  /** How many latencies have been added, forgotten ones included. */
  readonly count: () => number;
  /** The latency that `percentile` of 100 calls stay below; 0 where nothing has been added. */
  readonly percentileMs: (percentile: number) => number;
}

/** Neighbouring bins differ by 2 %; the last holds what timers cannot wait for. */
const LOG_BIN = Math.log(1.02);
const BINS = Math.ceil(Math.log(2 ** 31) / LOG_BIN) + 1;
const RESCALE_ABOVE = 1e100;

/**
 * A histogram of latencies on a logarithmic scale that forgets: after `halfLife` more calls, a call counts
 * half. Time per call and memory do not grow with the number of calls.
 */
export const latencyHistogram = (halfLife = 300): LatencyHistogram => {
  const bins = new Float64Array(BINS);
  const growth = 2 ** (1 / halfLife);
  // Later calls get more weight instead of earlier ones less, so that a call touches one bin.
  let weight = 1;
  let total = 0;
  let count = 0;
  return {
    add: (latencyMs) => {
      const bin = Math.min(BINS - 1, Math.floor(Math.log(Math.max(1, latencyMs)) / LOG_BIN));
      bins[bin] = (bins[bin] ?? 0) + weight;
      total += weight;
      count += 1;
      weight *= growth;
      if (weight > RESCALE_ABOVE) {
        bins.forEach((value, index) => {
          bins[index] = value / weight;
        });
        total /= weight;
        weight = 1;
      }
    },
    count: () => count,
    percentileMs: (percentile) => {
      if (count === 0) return 0;
      let left = (total * percentile) / 100;
      for (const [bin, value] of bins.entries()) {
        if (value > 0 && left <= value) return Math.exp((bin + left / value) * LOG_BIN);
        left -= value;
      }
      return Math.exp(BINS * LOG_BIN);
    },
  };
};
