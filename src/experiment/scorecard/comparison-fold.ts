import type { Estimate } from '../statistics/interval.ts';
import { mcnemar } from '../statistics/mcnemar.ts';
import { differenceOfCounts } from '../statistics/paired-difference.ts';
import { ratioOf } from './ratio-of.ts';
import type { ConditionComparison } from './scorecard.ts';

/** What one condition made of a question, as far as it is compared. */
export interface Standing {
  readonly isRight: boolean | undefined;
  readonly costUsd: number | undefined;
}

/** How one condition did where it is compared with another. */
interface Side {
  /** How many questions it alone got right. */
  alone: number;
  /** What the questions cost whose cost is known for both. */
  usd: number;
}

/** Two conditions, question by question. */
export const comparisonFold = () => {
  const one: Side = { alone: 0, usd: 0 };
  const other: Side = { alone: 0, usd: 0 };
  let [bothRight, neitherRight] = [0, 0];

  const summary = (first: Side, second: Side): Comparison => ({
    questions: bothRight + neitherRight + first.alone + second.alone,
    bothRight,
    onlyFirstRight: first.alone,
    onlySecondRight: second.alone,
    neitherRight,
    pValue: mcnemar(first.alone, second.alone),
    difference: differenceOf(first.alone, second.alone, bothRight + neitherRight),
    costRatio: ratioOf(second.usd, first.usd),
  });

  return {
    add(first: Standing, second: Standing): void {
      if (first.isRight !== undefined && second.isRight !== undefined) {
        if (first.isRight && second.isRight) bothRight += 1;
        else if (first.isRight) one.alone += 1;
        else if (second.isRight) other.alone += 1;
        else neitherRight += 1;
      }
      if (first.costUsd === undefined || second.costUsd === undefined) return;
      one.usd += first.costUsd;
      other.usd += second.costUsd;
    },
    comparison: () => summary(one, other),
    /** The same with the second as the first. */
    swapped: () => summary(other, one),
  };
};

type Comparison = Omit<ConditionComparison, 'first' | 'second' | 'adjustedPValue' | 'latencyRatio'>;

/**
 * Where no question tells the two apart, the bootstrap would call the difference exactly 0. It then is as large
 * either way as the share that is not seen in as many questions in 2.5 % of all samples.
 */
const differenceOf = (onlyFirst: number, onlySecond: number, same: number): Estimate | undefined => {
  if (onlyFirst + onlySecond > 0 || same === 0) {
    return differenceOfCounts(
      new Map([
        [-1, onlyFirst],
        [0, same],
        [1, onlySecond],
      ]),
    );
  }
  const unseen = 1 - 0.025 ** (1 / same);
  return { value: 0, low: -unseen, high: unseen };
};
