import type { Quantiles } from './quantiles.ts';

/** The distribution of values; each number is `undefined` if there are no values. */
export interface Distribution {
  /** The number of values. */
  readonly count: number;
  readonly mean: number | undefined;
  /** The median. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

/** Collects values ≥ 0 and their distribution. Ignores negative, infinite and NaN values. */
export const distributionOf = (quantiles: Quantiles) => {
  let count = 0;
  let sum = 0;
  let max = 0;
  return {
    add: (value: number): void => {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return;
      quantiles.add(value);
      count += 1;
      sum += value;
      max = Math.max(max, value);
    },
    summary: (): Distribution => ({
      count,
      mean: count === 0 ? undefined : sum / count,
      p50: quantiles.at(0.5),
      p95: quantiles.at(0.95),
      p99: quantiles.at(0.99),
      max: count === 0 ? undefined : max,
    }),
  };
};
