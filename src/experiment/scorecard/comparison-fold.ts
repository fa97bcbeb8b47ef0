import { type Cost, isWhole, mostOf } from '../../domain/cost.ts';
import { given } from '../../domain/given.ts';
import type { Estimate } from '../statistics/interval.ts';
import { mcnemar } from '../statistics/mcnemar.ts';
import { differenceOfCounts } from '../statistics/paired-difference.ts';
import { ratioOf } from './ratio-of.ts';
import type { ConditionComparison } from './scorecard.ts';

/** The result of one condition for a question, as used in comparisons. */
export interface Standing {
  /** Whether the question is left out of the figures of the condition. */
  readonly isLeftOut: boolean;
  readonly isRight: boolean | undefined;
  readonly cost: Cost;
  /** Whether there is a prediction. */
  readonly isAnswered: boolean;
}

/** The counts of one condition in a comparison. */
interface Side {
  /** The number of questions that it alone got right. */
  alone: number;
  /** The least and the most that its questions cost; the same if nothing is left out. */
  leastUsd: number;
  mostUsd: number;
}

/** Compares two conditions, question by question. */
export const comparisonFold = () => {
  const one: Side = { alone: 0, leastUsd: 0, mostUsd: 0 };
  const other: Side = { alone: 0, leastUsd: 0, mostUsd: 0 };
  let [bothRight, neitherRight] = [0, 0];
  let isWhollyKnown = true;

  const summary = (first: Side, second: Side): Comparison => ({
    questions: bothRight + neitherRight + first.alone + second.alone,
    bothRight,
    onlyFirstRight: first.alone,
    onlySecondRight: second.alone,
    neitherRight,
    pValue: mcnemar(first.alone, second.alone),
    difference: differenceOf(first.alone, second.alone, bothRight + neitherRight),
    ...costRatiosOf(first, second, isWhollyKnown),
  });

  return {
    add(first: Standing, second: Standing): void {
      if (first.isLeftOut || second.isLeftOut) return;
      if (first.isRight !== undefined && second.isRight !== undefined) {
        if (first.isRight && second.isRight) bothRight += 1;
        else if (first.isRight) one.alone += 1;
        else if (second.isRight) other.alone += 1;
        else neitherRight += 1;
      }
      isWhollyKnown &&= isWhole(first.cost) && isWhole(second.cost);
      pay(one, first.cost);
      pay(other, second.cost);
    },
    comparison: () => summary(one, other),
    /** The comparison with the two conditions swapped. */
    swapped: () => summary(other, one),
  };
};

type Comparison = Omit<ConditionComparison, 'first' | 'second' | 'adjustedPValue' | 'latencyRatio'>;

const pay = (side: Side, cost: Cost): void => {
  side.leastUsd += cost.costUsd ?? 0;
  side.mostUsd += mostOf(cost);
};

/** The ratio of the costs, or its bounds if something is left out of them. */
const costRatiosOf = (
  first: Side,
  second: Side,
  isWhollyKnown: boolean,
): Pick<ConditionComparison, 'costRatio' | 'costRatioBounds'> => {
  if (isWhollyKnown) return { costRatio: ratioOf(second.leastUsd, first.leastUsd) };
  const low = ratioOf(second.leastUsd, first.mostUsd);
  const high = ratioOf(second.mostUsd, first.leastUsd);
  const isBounded = first.mostUsd < Number.POSITIVE_INFINITY && low !== undefined && high !== undefined;
  return { costRatio: undefined, ...given({ costRatioBounds: isBounded ? { low, high } : undefined }) };
};

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
