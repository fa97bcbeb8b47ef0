import { type Cost, sumOf, unknownCost } from '../domain/cost.ts';
import { given } from '../domain/given.ts';
import type { CallAccount } from '../domain/outcome.ts';

/** Costs in USD. */
export interface Spending {
  /** The sum of the known costs; `undefined`, and not 0, if no cost is known. */
  readonly total: number | undefined;
  /** The mean of the known costs. */
  readonly mean: number | undefined;
  /** `partial` if `total` leaves out costs that are not known. */
  readonly source: CallAccount['costSource'];
  /** The upper bound of the sum, if `total` is a lower bound and all calls that it leaves out have recorded prices. */
  readonly max?: number;
}

/** The cost of one of `count` equal parts of a sum. What is unknown counts as 0, so a mean is a lower bound if the sum is. */
export const meanCost = ({ total, source, max }: Spending, count: number): Cost =>
  count === 0
    ? unknownCost
    : {
        costUsd: total === undefined ? undefined : total / count,
        costSource: source,
        ...given({ maxCostUsd: max === undefined ? undefined : max / count }),
      };

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
      const { costUsd: total, costSource: source, maxCostUsd: max } = sum ?? sumOf([]);
      return { total, mean: total === undefined ? undefined : total / known, source, ...given({ max }) };
    },
  };
};
