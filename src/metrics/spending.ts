import { type Cost, sumOf } from '../domain/cost.ts';
import type { CallAccount } from '../domain/outcome.ts';

/** Costs in USD. */
export interface Spending {
  /** The sum of the known costs; `undefined`, and not 0, if no cost is known. */
  readonly total: number | undefined;
  /** The mean of the known costs. */
  readonly mean: number | undefined;
  /** `partial` if `total` leaves out costs that are not known. */
  readonly source: CallAccount['costSource'];
}

/** Collects costs. */
export const spendingOf = () => {
  let sum: Cost | undefined;
  let known = 0;
  return {
    add: (cost: Cost): void => {
      sum = sum === undefined ? cost : sumOf([sum, cost]);
      if (cost.costUsd !== undefined) known += 1;
    },
    summary: (): Spending => {
      const { costUsd: total, costSource: source } = sum ?? sumOf([]);
      return { total, mean: total === undefined ? undefined : total / known, source };
    },
  };
};
