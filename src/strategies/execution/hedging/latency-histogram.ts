/** What is remembered of a model's latencies: recent calls weigh more. */
export interface LatencyHistogram {
  /** Enters a call that took so long; one that was given up took longer than that, and nobody knows how long. */
  readonly add: (latencyMs: number, wasGivenUp?: boolean) => void;
  /** How many calls have been entered that were not given up, forgotten ones included. */
  readonly heard: () => number;
  /** The latency that `percentile` of 100 calls stay below; 0 where nothing has been entered. */
  readonly percentileMs: (percentile: number) => number;
  /** Notes what is known, and yields what puts that back. */
  readonly note: () => () => void;
}

/** Neighbouring bins differ by 2 %; the last holds what timers cannot wait for. */
const LOG_BIN = Math.log(1.02);
const BINS = Math.ceil(Math.log(2 ** 31) / LOG_BIN) + 1;
const RESCALE_ABOVE = 1e100;

const binOf = (latencyMs: number): number =>
  Math.min(BINS - 1, Math.floor(Math.log(Math.max(1, latencyMs)) / LOG_BIN));

/**
 * A histogram of latencies on a logarithmic scale that forgets: after `halfLife` more calls, a call counts
 * half. Time per call and memory do not grow with the number of calls.
 *
 * Source: the product-limit estimate of Kaplan and Meier (1958), by weight. A call that was given up counts among
 * those that were still out until then, and says nothing of later; where so many were given up that the
 * percentile is not known, it is the longest time that anybody was waited for.
 */
export const latencyHistogram = (halfLife = 300): LatencyHistogram => {
  const ended = new Float64Array(BINS);
  const givenUp = new Float64Array(BINS);
  /** The weight of the calls that were still out when a bin begins. */
  const out = new Float64Array(BINS + 1);
  const growth = 2 ** (1 / halfLife);
  // Later calls get more weight instead of earlier ones less, so that a call touches one bin.
  let weight = 1;
  let heard = 0;
  let lastBin = -1;
  const scaleDown = (): void => {
    for (const bins of [ended, givenUp]) {
      for (let bin = 0; bin < BINS; bin += 1) bins[bin] = (bins[bin] ?? 0) / weight;
    }
    weight = 1;
  };
  return {
    add: (latencyMs, wasGivenUp = false) => {
      const bin = binOf(latencyMs);
      const bins = wasGivenUp ? givenUp : ended;
      bins[bin] = (bins[bin] ?? 0) + weight;
      lastBin = Math.max(lastBin, bin);
      heard += wasGivenUp ? 0 : 1;
      weight *= growth;
      if (weight > RESCALE_ABOVE) scaleDown();
    },
    heard: () => heard,
    percentileMs: (percentile) => {
      if (lastBin < 0) return 0;
      // Summed up from the top, where the weights are: what is left of a sum after many calls is no longer exact.
      for (let bin = lastBin; bin >= 0; bin -= 1) {
        out[bin] = (out[bin + 1] ?? 0) + (ended[bin] ?? 0) + (givenUp[bin] ?? 0);
      }
      const sought = 1 - percentile / 100;
      let surviving = 1;
      for (let bin = 0; bin <= lastBin; bin += 1) {
        const ending = ended[bin] ?? 0;
        if (ending === 0) continue;
        const next = surviving * (1 - ending / (out[bin] ?? ending));
        if (next <= sought) return Math.exp((bin + (surviving - sought) / (surviving - next)) * LOG_BIN);
        surviving = next;
      }
      return Math.exp((lastBin + 1) * LOG_BIN);
    },
    note: () => {
      const was = { ended: ended.slice(), givenUp: givenUp.slice(), weight, heard, lastBin };
      return () => {
        ended.set(was.ended);
        givenUp.set(was.givenUp);
        ({ weight, heard, lastBin } = was);
      };
    },
  };
};
