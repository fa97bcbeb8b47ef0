import { given } from '../../domain/given.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import type { Candidate } from './candidate.ts';
import { sumOf } from './expectation.ts';
import type { Aim } from './panel.ts';
import type { Course } from './play.ts';
import { ruleNames } from './rules.ts';

/** A candidate with its results on rows that it has not learned from. */
export interface Contender {
  readonly candidate: Candidate;
  readonly course: Course;
}

/** The chosen candidate. */
export interface Selection {
  readonly candidate: Candidate;
  /** The lowest sureness of an answer that is given. */
  readonly acceptFrom?: number;
  /** Whether the aim is met on the rows of the choice. */
  readonly isAimMet: boolean;
}

/** A contender with its means over some rows. */
interface Measured extends Contender {
  /** For each row: 1 if it adds to what is maximized. */
  readonly gains: Uint8Array;
  readonly gain: number;
  readonly right: number;
  readonly cost: number;
  readonly calls: number;
  readonly acceptFrom?: number;
}

/** The level of an interval that reaches one standard error to each side. */
const ONE_STANDARD_ERROR = { confidence: 0.6827 } as const;

/**
 * Selects the contender that meets the aim best. The best of the many sets of members is often there by luck. It is
 * chosen only if it leads by two standard errors of the difference on the same questions, compared with the single models
 * and the whole panel, which are few. Then the cheapest execution of the chosen members is selected, of those within one
 * standard error and no worse than any single model. A bound on accuracy or precision must be kept by one standard error.
 *
 * Source: after the one-standard-error rule of Breiman and others, Classification and regression trees (1984).
 */
export const select = (contenders: readonly Contender[], rows: readonly number[], aim: Aim): Selection => {
  const measured = contenders.map((contender) => measure(contender, rows, aim));
  const feasible = measured.filter((one) => isFeasible(one, rows.length, aim));
  const isAimMet = feasible.length > 0;
  const chosen = isAimMet ? bestOf(feasible, rows, aim) : leastBad(measured, aim);
  return {
    candidate: chosen.candidate,
    isAimMet,
    ...given({ acceptFrom: chosen.acceptFrom && Math.min(1, chosen.acceptFrom) }),
  };
};

const isFeasible = ({ right, cost, calls, gain }: Measured, n: number, aim: Aim): boolean => {
  if ('minimize' in aim) return wilsonInterval(right * n, n, ONE_STANDARD_ERROR).low >= aim.minAccuracy;
  if (aim.maximize === 'coverage') return gain > 0;
  return (
    cost <= (aim.maxCostUsd ?? Number.POSITIVE_INFINITY) &&
    calls <= (aim.maxCalls ?? Number.POSITIVE_INFINITY)
  );
};

/** Returns the contender that comes closest to the bound, if none meets the aim. */
const leastBad = (measured: readonly Measured[], aim: Aim): Measured =>
  first(measured, (a, b) =>
    'maximize' in aim && aim.maximize === 'accuracy'
      ? a.cost - b.cost || a.calls - b.calls || b.right - a.right || plainness(a, b)
      : b.right - a.right || a.cost - b.cost || plainness(a, b),
  );

const bestOf = (feasible: readonly Measured[], rows: readonly number[], aim: Aim): Measured => {
  if ('minimize' in aim)
    return first(feasible, (a, b) => a.cost - b.cost || b.right - a.right || plainness(a, b));
  const best = (some: readonly Measured[]): Measured | undefined =>
    some.length === 0
      ? undefined
      : first(some, (a, b) => b.gain - a.gain || a.cost - b.cost || plainness(a, b));
  const leadsBy = (one: Measured, other: Measured): number =>
    (one.gain - other.gain) / (standardError(one.gains, other.gains, rows.length) || Number.MIN_VALUE);
  const incumbent = best(
    feasible.filter(({ candidate }) => candidate.members.length === 1 || candidate.isWhole),
  );
  const challenger = best(
    incumbent === undefined
      ? feasible
      : feasible.filter((one) => leadsBy(one, incumbent) > ERRORS_TO_PREVAIL),
  );
  const chosen = challenger ?? incumbent ?? first(feasible, plainness);
  const floor = Math.max(
    0,
    ...feasible.flatMap(({ candidate, gain }) => (candidate.members.length === 1 ? [gain] : [])),
  );
  const { members } = chosen.candidate;
  return first(
    feasible.filter(
      (one) =>
        one.candidate.members.join() === members.join() && one.gain >= floor && leadsBy(chosen, one) <= 1,
    ),
    (a, b) => a.cost - b.cost || b.gain - a.gain || plainness(a, b),
  );
};

/** The standard errors by which the best of thousands of sets of members must lead, because it is often best by luck. */
const ERRORS_TO_PREVAIL = 2;

const first = (measured: readonly Measured[], compare: (a: Measured, b: Measured) => number): Measured =>
  measured.reduce((best, one) => (compare(one, best) < 0 ? one : best));

/** Orders by fewer members, then by a rule with less to learn. */
const plainness = ({ candidate: a }: Measured, { candidate: b }: Measured): number =>
  a.members.length - b.members.length || ruleNames.indexOf(a.rule) - ruleNames.indexOf(b.rule);

/** Returns the standard error of the difference of two shares over the same rows. */
const standardError = (a: Uint8Array, b: Uint8Array, n: number): number => {
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < n; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    sum += difference;
    squares += difference * difference;
  }
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / n);
};

const measure = (contender: Contender, rows: readonly number[], aim: Aim): Measured => {
  const { course } = contender;
  const n = rows.length;
  const meanOf = (values: Uint8Array | Uint16Array | Float64Array): number =>
    rows.reduce((sum, row) => sum + (values[row] ?? 0), 0) / n;
  const [right, cost, calls] = [meanOf(course.right), meanOf(course.cost), meanOf(course.calls)];
  if ('maximize' in aim && aim.maximize === 'coverage') {
    const acceptFrom = thresholdFor(course, rows, aim.minPrecision);
    const gains = Uint8Array.from(rows, (row) => ((course.sureness[row] ?? -1) >= acceptFrom ? 1 : 0));
    return { ...contender, gains, gain: sumOf(gains) / n, right, cost, calls, acceptFrom };
  }
  const gains = Uint8Array.from(rows, (row) => course.right[row] ?? 0);
  return { ...contender, gains, gain: right, right, cost, calls };
};

/**
 * Returns the lowest sureness at which answers are right often enough; above 1 if no sureness is enough. Answers that are equally
 * sure are accepted together or not at all.
 */
const thresholdFor = (course: Course, rows: readonly number[], minPrecision: number): number => {
  const sorted = rows
    .filter((row) => (course.sureness[row] ?? -1) >= 0)
    .toSorted((a, b) => (course.sureness[b] ?? 0) - (course.sureness[a] ?? 0));
  let threshold = Number.POSITIVE_INFINITY;
  let right = 0;
  sorted.forEach((row, index) => {
    right += course.right[row] ?? 0;
    const sureness = course.sureness[row] ?? 0;
    const isLastOfEquals = course.sureness[sorted[index + 1] ?? -1] !== sureness;
    if (isLastOfEquals && wilsonInterval(right, index + 1, ONE_STANDARD_ERROR).low >= minPrecision) {
      threshold = sureness;
    }
  });
  return threshold;
};
