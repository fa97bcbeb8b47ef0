import { type Cost, sumOf } from '../domain/cost.ts';
import type { CallAccount } from '../domain/outcome.ts';

/** What was spent, in USD. */
export interface Spending {
  /** The sum of the costs that are known; `undefined` where none is, which is not 0. */
  readonly total: number | undefined;
  /** The mean of the costs that are known. */
  readonly mean: number | undefined;
  /** `partial` where `total` leaves something out, since nobody knows what it cost. */
  readonly source: CallAccount['costSource'];
}

/** Costs, and what they come to. */
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
