import { given } from '../../domain/given.ts';
import { type CandidateKind, kindOf } from './candidate.ts';
import type { Contender } from './contender.ts';
import { leastShare } from './least-share.ts';
import type { Aim } from './panel.ts';
import { ruleNames } from './rules.ts';

/** A contender with its means over some rows. */
interface Measured extends Contender {
  readonly kind: CandidateKind;
  /** For each row: 1 if it adds to what is maximized. */
  readonly gains: Uint8Array;
  readonly gain: number;
  readonly right: number;
  readonly cost: number;
  readonly calls: number;
}

/**
 * Selects the contender that meets the aim best. The best of the many sets of members is often there by luck, so a contender
 * is chosen only if it leads the best baseline: by two standard errors of the difference on the same questions, unless it is
 * the whole panel under one of the few rules. Then the cheapest execution of the chosen members is selected, of those within one
 * standard error and no worse than the baselines. A bound on accuracy or precision must be kept by one standard error.
 *
 * Source: after the one-standard-error rule of Breiman and others, Classification and regression trees (1984).
 */
export function* select(
  contenders: readonly Contender[],
  rows: readonly number[],
  aim: Aim,
  models: number,
): Generator<unknown, Contender> {
  const measured: Measured[] = [];
  for (const contender of contenders) {
    measured.push(measure(contender, rows, models));
    yield;
  }
  const feasible = measured.filter((one) => isFeasible(one, rows.length, aim));
  return feasible.length > 0 ? bestOf(feasible, rows.length, aim) : closest(measured, rows.length, aim);
}

const isFeasible = ({ right, cost, calls, acceptance }: Measured, n: number, aim: Aim): boolean => {
  if ('minimize' in aim) return leastShare(Math.round(right * n), n) >= aim.minAccuracy;
  if (aim.maximize === 'coverage') return (acceptance?.precision ?? 0) >= aim.minPrecision;
  return (
    cost <= (aim.maxCostUsd ?? Number.POSITIVE_INFINITY) &&
    calls <= (aim.maxCalls ?? Number.POSITIVE_INFINITY)
  );
};

/**
 * Returns the contender that comes closest to the bound, if none keeps it: the cheapest of those that are as accurate as the
 * best within one standard error, or the most precise one.
 */
const closest = (measured: readonly Measured[], n: number, aim: Aim): Measured => {
  if ('minimize' in aim) {
    const best = first(measured, (a, b) => b.gain - a.gain || a.cost - b.cost || plainness(a, b));
    return first(
      measured.filter((one) => leadsBy(best, one, n) <= 1),
      (a, b) => a.cost - b.cost || b.gain - a.gain || plainness(a, b),
    );
  }
  if (aim.maximize === 'accuracy')
    return first(
      measured,
      (a, b) => a.cost - b.cost || a.calls - b.calls || b.right - a.right || plainness(a, b),
    );
  return first(
    measured,
    (a, b) =>
      (b.acceptance?.precision ?? 0) - (a.acceptance?.precision ?? 0) || a.cost - b.cost || plainness(a, b),
  );
};

/** Returns by how many standard errors of the difference one contender leads another. */
const leadsBy = (one: Measured, other: Measured, n: number): number =>
  (one.gain - other.gain) / (standardError(one.gains, other.gains, n) || Number.MIN_VALUE);

const bestOf = (feasible: readonly Measured[], n: number, aim: Aim): Measured => {
  if ('minimize' in aim)
    return first(feasible, (a, b) => a.cost - b.cost || b.right - a.right || plainness(a, b));
  const best = (some: readonly Measured[]): Measured | undefined =>
    some.length === 0
      ? undefined
      : first(some, (a, b) => b.gain - a.gain || a.cost - b.cost || plainness(a, b));
  const baseline = best(feasible.filter(({ kind }) => kind === 'baseline'));
  const challenger = best(
    feasible.filter(
      (one) => baseline === undefined || leadsBy(one, baseline, n) > ERRORS_TO_PREVAIL[one.kind],
    ),
  );
  const chosen = challenger ?? baseline ?? first(feasible, plainness);
  const floor = baseline?.gain ?? 0;
  const { members } = chosen.candidate;
  return first(
    feasible.filter(
      (one) =>
        one.candidate.members.join() === members.join() && one.gain >= floor && leadsBy(chosen, one, n) <= 1,
    ),
    (a, b) => a.cost - b.cost || b.gain - a.gain || plainness(a, b),
  );
};

/** The standard errors by which a contender must lead the best baseline. The best of thousands is often best by luck. */
const ERRORS_TO_PREVAIL: Readonly<Record<CandidateKind, number>> = { baseline: 0, whole: 0, part: 2 };

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

const measure = (
  { candidate, course, acceptance }: Contender,
  rows: readonly number[],
  models: number,
): Measured => {
  const gained = acceptance?.given ?? course.right;
  const gains = new Uint8Array(rows.length);
  let [gain, right, cost, calls] = [0, 0, 0, 0];
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    const one = gained[row] ?? 0;
    gains[index] = one;
    gain += one;
    right += course.right[row] ?? 0;
    cost += course.cost[row] ?? 0;
    calls += course.calls[row] ?? 0;
  }
  const n = rows.length;
  return {
    candidate,
    course,
    ...given({ acceptance }),
    kind: kindOf(candidate, models),
    gains,
    gain: gain / n,
    right: right / n,
    cost: cost / n,
    calls: calls / n,
  };
};
