import type { Estimate } from '../statistics/interval.ts';
import { momentsOf } from '../statistics/mean-interval.ts';
import { atLeastZero, shareEstimate } from '../statistics/share-estimate.ts';
import type { BallotTable } from './ballot-table.ts';
import type { PanelExpectation } from './panel.ts';
import type { Course } from './play.ts';

/** A share, with its Wilson interval; of nothing, it is 0, and may be anything. */
export const heldOutShare = (count: number, n: number): Estimate =>
  shareEstimate(count, n) ?? { value: 0, low: 0, high: 1 };

/** Estimates the accuracy, calls and costs of a panel from its results on held-out rows. */
export const expectationOf = (
  { unit, rows }: BallotTable,
  { right, given, calls, cost }: HeldOut,
): PanelExpectation => {
  const n = rows.length;
  const answers = sumOf(given);
  const correct = sumOf(right);
  return {
    accuracy: heldOutShare(correct, n),
    calls: meanEstimate(calls),
    ...(unit === 'usd' && { costUsd: meanEstimate(cost) }),
    coverage: heldOutShare(answers, n),
    precision: heldOutShare(correct, answers),
  };
};

/** The results of held-out rows: whether an answer was given, and whether it is right. */
export interface HeldOut extends Pick<Course, 'right' | 'calls' | 'cost'> {
  readonly given: Uint8Array;
}

/** Sums numbers. */
export const sumOf = (values: Uint8Array | Uint16Array | Float64Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

/** Estimates the mean of calls or costs. `tune` requires enough ballots for an interval. */
const meanEstimate = (values: Uint16Array | Float64Array): Estimate => {
  const moments = momentsOf();
  values.forEach(moments.add);
  return atLeastZero(moments.estimate()) as Estimate;
};
