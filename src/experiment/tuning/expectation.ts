import type { Estimate, Interval } from '../statistics/interval.ts';
import { studentTQuantile } from '../statistics/student-t-quantile.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import type { BallotTable } from './ballot-table.ts';
import type { Candidate } from './candidate.ts';
import type { Fold } from './folds.ts';
import type { PanelExpectation } from './panel.ts';
import type { Course } from './play.ts';
import { meanRatio, type Ratio, ratioOf, type ValueOf, varianceOf, varianceOfFits } from './ratio.ts';
import { finished } from './work.ts';

/** What is known of a chosen panel. */
export interface Evidence {
  readonly candidate: Pick<Candidate, 'members' | 'execution'>;
  /** The folds in which the panel was played. */
  readonly folds: readonly Pick<Fold, 'held'>[];
  /** The chosen panel in cross-validation. It was chosen by these results, so they are better than it is. */
  readonly chosen: Course;
  /** For each fold: what was chosen without it, in the cross-validation by which it was chosen, which is too good as well. */
  readonly promised: readonly Course[];
  /** The same choices on the rows of their folds, by which they were not chosen. */
  readonly delivered: Course;
}

const always = (): number => 1;
const isGiven: ValueOf = ({ sureness }, row) => ((sureness[row] ?? -1) >= 0 ? 1 : 0);
const isRight: ValueOf = ({ right }, row) => right[row] ?? 0;

/** The parts of a figure that is a share. */
const shares: Readonly<Record<ShareName, readonly [part: ValueOf, whole: ValueOf]>> = {
  accuracy: [isRight, always],
  coverage: [isGiven, always],
  precision: [isRight, isGiven],
};

/** The name of a figure that is a share. */
export type ShareName = 'accuracy' | 'coverage' | 'precision';

/**
 * Estimates a share of a chosen panel on other questions: that of its cross-validation, less what choices promise in
 * theirs beyond what they deliver on rows that they have not seen. `undefined` if there is nothing that it is a share of.
 *
 * Source: the correction for the choice is that of Tibshirani and Tibshirani, A bias correction for the minimum error rate in
 * cross-validation (2009), with the gap measured by nested cross-validation as in Bates, Hastie and Tibshirani (2021).
 */
const correctedShare = (
  { rows }: Pick<BallotTable, 'rows'>,
  { chosen, promised, delivered }: Evidence,
  name: ShareName,
): Ratio | undefined => {
  const of = (course: Course): Ratio => ratioOf(course, rows.length, ...shares[name]);
  const [played, seen, unseen] = [of(chosen), meanRatio(promised.map(of)), of(delivered)];
  if (played.whole === 0 || unseen.whole === 0) return undefined;
  return {
    value: Math.min(1, Math.max(0, played.value - seen.value + unseen.value)),
    whole: played.whole,
    influences: played.influences.map(
      (influence, row) => influence - (seen.influences[row] ?? 0) + (unseen.influences[row] ?? 0),
    ),
  };
};

/** As {@link expectationInSteps}, at once. */
export const expectationOf = (...made: Parameters<typeof expectationInSteps>): PanelExpectation =>
  finished(expectationInSteps(...made));

/**
 * Estimates the results of a chosen panel on other questions, with a pause before each figure. Calls and costs are those of its cross-validation, because it is
 * hardly chosen by the luck of these. Their intervals keep to what is possible.
 */
export function* expectationInSteps(
  table: Pick<BallotTable, 'unit' | 'rows' | 'unknownCosts'>,
  evidence: Evidence,
): Generator<unknown, PanelExpectation> {
  const { unit, rows } = table;
  const { candidate, folds, chosen } = evidence;
  const share = (name: ShareName): Estimate => {
    const ratio = correctedShare(table, evidence, name);
    if (ratio === undefined) return { value: 0, low: 0, high: 1 };
    return shareWith(ratio.value, ratio.whole, varianceOf(ratio.influences, folds.length));
  };
  const mean = (part: ValueOf, possible: Interval): Estimate => {
    const { value, influences } = ratioOf(chosen, rows.length, part, always);
    const half = Math.sqrt(varianceOfFits(influences, folds)) * studentTQuantile(0.95, rows.length - 1);
    return {
      value,
      low: Math.min(value, Math.max(possible.low, value - half)),
      high: Math.max(value, Math.min(possible.high, value + half)),
    };
  };
  yield;
  const accuracy = share('accuracy');
  yield;
  const callsOfPanel = mean(({ calls }, row) => calls[row] ?? 0, possibleCalls(candidate));
  const costUsd = unit === 'usd' ? mean(({ cost }, row) => cost[row] ?? 0, possibleCosts(chosen)) : undefined;
  yield;
  const coverage = share('coverage');
  yield;
  return {
    accuracy,
    calls: callsOfPanel,
    ...(costUsd !== undefined && {
      costUsd,
      ...(candidate.members.some((member) => (table.unknownCosts[member] ?? 0) > 0) && {
        isCostEstimated: true,
      }),
    }),
    coverage,
    precision: share('precision'),
  };
}

/** Returns the fewest and the most calls that a question can take. */
const possibleCalls = ({ members, execution }: Evidence['candidate']): Interval => ({
  low:
    execution.schedule === 'parallel' ? members.length : execution.stop === 'agreement' ? execution.votes : 1,
  high: members.length,
});

/** Returns the least and the most that a question has cost. */
const possibleCosts = ({ calls, cost }: Course): Interval => {
  const played = cost.filter((_, row) => (calls[row] ?? 0) > 0);
  return { low: played.reduce((a, b) => Math.min(a, b)), high: played.reduce((a, b) => Math.max(a, b)) };
};

/** By how much one panel leads another. */
export interface Lead extends Estimate {
  readonly standardError: number;
}

/**
 * Estimates by how much a share of one panel exceeds that of another, from the differences on the same questions; `undefined`
 * if one of them has no such share.
 *
 * Source: the corrected resampled t-test of Nadeau and Bengio, Inference for the generalization error (2003).
 */
export const leadOf = (
  table: Pick<BallotTable, 'rows'>,
  one: Evidence,
  other: Evidence,
  name: ShareName,
): Lead | undefined => {
  const [a, b] = [correctedShare(table, one, name), correctedShare(table, other, name)];
  if (a === undefined || b === undefined) return undefined;
  const differences = a.influences.map((influence, row) => influence - (b.influences[row] ?? 0));
  const standardError = Math.sqrt(varianceOf(differences, one.folds.length));
  const half = standardError * studentTQuantile(0.95, table.rows.length - 1);
  const value = a.value - b.value;
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half), standardError };
};

/** A share of `n` with the interval of Wilson for as many independent observations as explain the variance. */
const shareWith = (value: number, n: number, variance: number): Estimate => {
  // A share of 0 or 1 has no variance, but one observation more of each kind has.
  const smoothed = (value * n + 1) / (n + 2);
  const independent = n / Math.max(1, (variance * n) / (smoothed * (1 - smoothed)));
  return { value, ...wilsonInterval(value * independent, independent) };
};
