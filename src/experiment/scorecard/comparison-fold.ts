import type { Estimate } from '../statistics/interval.ts';
import { mcnemar } from '../statistics/mcnemar.ts';
import { differenceOfCounts } from '../statistics/paired-difference.ts';
import { ratioOf } from './ratio-of.ts';
import type { ConditionComparison } from './scorecard.ts';

/** The result of one condition for a question, as used in comparisons. */
export interface Standing {
  readonly isRight: boolean | undefined;
  readonly costUsd: number | undefined;
}

/** The counts of one condition in a comparison. */
interface Side {
  /** The number of questions that it alone got right. */
  alone: number;
  /** The cost of the questions with known costs for both conditions. */
  usd: number;
}

/** Compares two conditions, question by question. */
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
    /** The comparison with the two conditions swapped. */
    swapped: () => summary(other, one),
  };
};

type Comparison = Omit<ConditionComparison, 'first' | 'second' | 'adjustedPValue' | 'latencyRatio'>;

/**
 * If the conditions never differ, the bootstrap would give a difference of exactly 0. Instead, the interval reaches to
 * the proportion that 2.5 % of all samples of this size would not show.
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
