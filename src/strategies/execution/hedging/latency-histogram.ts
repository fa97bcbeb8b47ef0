/** The latencies of one model; recent calls weigh more. */
export interface LatencyHistogram {
  /**
   * Adds a call. A censored call failed, timed out or was cancelled after `latencyMs`: an answer would have taken longer,
   * by an unknown time.
   */
  readonly add: (latencyMs: number, isCensored?: boolean) => void;
  /** The number of calls added that were not censored. */
  readonly completed: () => number;
  /** The latency that `percentile` of 100 calls stay below; 0 for an empty histogram. */
  readonly percentileMs: (percentile: number) => number;
  /** Takes a snapshot and returns a function that restores it. */
  readonly snapshot: () => () => void;
}

/** Neighbouring bins differ by 2 %. The last bin holds latencies above the longest timer. */
const LOG_BIN = Math.log(1.02);
const BINS = Math.ceil(Math.log(2 ** 31) / LOG_BIN) + 1;
/** Far below the largest number, so that weights never overflow. */
const RESCALE_ABOVE = 1e100;

const binOf = (latencyMs: number): number =>
  Math.min(BINS - 1, Math.floor(Math.log(Math.max(1, latencyMs)) / LOG_BIN));

/**
 * A histogram of latencies on a logarithmic scale that forgets: after `halfLife` more calls, a call counts half. Time
 * per call and memory do not grow with the number of calls.
 *
 * Source: the product-limit estimate of Kaplan and Meier (1958), by weight. If too many calls are censored to know
 * the percentile, it is the longest time in the histogram.
 */
export const latencyHistogram = (halfLife = 300): LatencyHistogram => {
  const ended = new Float64Array(BINS);
  const censored = new Float64Array(BINS);
  /** The weight of the calls that took at least as long as the lower bound of a bin. */
  const atRisk = new Float64Array(BINS + 1);
  const growth = 2 ** (1 / halfLife);
  // Later calls get more weight, instead of earlier calls less, so that a call changes one bin.
  let weight = 1;
  let completed = 0;
  let lastBin = -1;
  const scaleDown = (): void => {
    for (const bins of [ended, censored]) {
      for (let bin = 0; bin < BINS; bin += 1) bins[bin] = (bins[bin] ?? 0) / weight;
    }
    weight = 1;
  };
  return {
    add: (latencyMs, isCensored = false) => {
      const bin = binOf(latencyMs);
      const bins = isCensored ? censored : ended;
      bins[bin] = (bins[bin] ?? 0) + weight;
      lastBin = Math.max(lastBin, bin);
      completed += isCensored ? 0 : 1;
      weight *= growth;
      if (weight > RESCALE_ABOVE) scaleDown();
    },
    completed: () => completed,
    percentileMs: (percentile) => {
      if (lastBin < 0) return 0;
      // Summed from the last bin down: subtracting from a running total would lose precision over many calls.
      for (let bin = lastBin; bin >= 0; bin -= 1) {
        atRisk[bin] = (atRisk[bin + 1] ?? 0) + (ended[bin] ?? 0) + (censored[bin] ?? 0);
      }
      const sought = 1 - percentile / 100;
      let surviving = 1;
      for (let bin = 0; bin <= lastBin; bin += 1) {
        const ending = ended[bin] ?? 0;
        if (ending === 0) continue;
        const next = surviving * (1 - ending / (atRisk[bin] ?? ending));
        if (next <= sought) return Math.exp((bin + (surviving - sought) / (surviving - next)) * LOG_BIN);
        surviving = next;
      }
      return Math.exp((lastBin + 1) * LOG_BIN);
    },
    snapshot: () => {
      const then = { ended: ended.slice(), censored: censored.slice(), weight, completed, lastBin };
      return () => {
        ended.set(then.ended);
        censored.set(then.censored);
        ({ weight, completed, lastBin } = then);
      };
    },
  };
};
