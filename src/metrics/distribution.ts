import type { Quantiles } from './quantiles.ts';

/** How values are spread; each number is `undefined` where there are no values. */
export interface Distribution {
  /** How many values there are. */
  readonly count: number;
  readonly mean: number | undefined;
  /** The median: half of the values are at most this. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

/** Values of 0 and more, and how they are spread. What is no such value is left out. */
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
