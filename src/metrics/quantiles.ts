import { quantileSorted } from 'simple-statistics';

/**
 * Values and their quantiles. A quantile is type 7 of Hyndman and Fan: linear between the two values nearest to rank
 * `(n − 1) · share`, as in R, NumPy and spreadsheets.
 *
 * R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996).
 */
export interface Quantiles {
  readonly add: (value: number) => void;
  /** The value that this proportion of the values, 0..1, does not exceed; `undefined` if there are no values. */
  readonly at: (share: number) => number | undefined;
}

/** Keeps every value, for exact quantiles. */
export const exactQuantiles = (): Quantiles => {
  const values: number[] = [];
  let isSorted = true;
  return {
    add: (value) => {
      values.push(value);
      isSorted = false;
    },
    at: (share) => {
      if (!isSorted) values.sort((a, b) => a - b);
      isSorted = true;
      return values.length === 0 ? undefined : quantileSorted(values, share);
    },
  };
};

/**
 * Counts values in logarithmic bins, each at most twice `relativeAccuracy` wide. Every value, and every value
 * interpolated between two of them, is therefore known within that relative error. Accepts values of 0 and more.
 *
 * The bins of DDSketch: C. Masson, J. E. Rim and H. K. Lee, PVLDB 12 (2019), arXiv 1908.10693. The package of its
 * authors is not used, because it adds an undeclared protobuf runtime to every browser bundle.
 */
export const sketchedQuantiles = (relativeAccuracy: number): Quantiles => {
  const gamma = (1 + relativeAccuracy) / (1 - relativeAccuracy);
  const logGamma = Math.log(gamma);
  const bins = new Map<number, number>();
  let size = 0;

  const valueOfRank = (rank: number, keys: readonly number[]): number => {
    let below = 0;
    const key = keys.find((bin) => {
      below += bins.get(bin) ?? 0;
      return below > rank;
    });
    return (2 * Math.exp((key ?? 0) * logGamma)) / (gamma + 1);
  };

  return {
    // 0 is counted in the bin of -Infinity, which is read back as 0.
    add: (value) => {
      const key = Math.ceil(Math.log(value) / logGamma);
      bins.set(key, (bins.get(key) ?? 0) + 1);
      size += 1;
    },
    at: (share) => {
      if (size === 0) return undefined;
      const keys = [...bins.keys()].sort((a, b) => (a < b ? -1 : 1));
      const rank = (size - 1) * share;
      const lower = valueOfRank(Math.floor(rank), keys);
      return lower + (rank % 1) * (valueOfRank(Math.ceil(rank), keys) - lower);
    },
  };
};
