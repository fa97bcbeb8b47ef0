import type { BallotTable } from './ballot-table.ts';
import { kindOf, type Lesson } from './candidate.ts';
import type { Acceptance, Contender } from './contender.ts';
import { scaleOf } from './fitted-panel.ts';
import type { Fold } from './folds.ts';
import { leastShare } from './least-share.ts';
import type { SurenessScale } from './sureness-scale.ts';

/**
 * Returns the largest share of ballots of which a candidate is so sure that its held-out answers keep a precision by one
 * standard error; otherwise, the share that comes closest.
 *
 * The candidates that are fitted on different ballots state their sureness on different scales, so a sureness that suits
 * one of them means something else to the next. A share of its own ballots means the same to each of them.
 */
export function* acceptanceFor(
  { candidate, course }: Contender,
  table: BallotTable,
  { folds, lesson }: { readonly folds: readonly Fold[]; readonly lesson: Lesson },
  minPrecision: number,
): Generator<unknown, Acceptance> {
  const scales: SurenessScale[] = [];
  for (const { lesson } of folds) scales.push(yield* scaleOf(table, candidate, lesson));
  const { shares } = yield* scaleOf(table, candidate, lesson);
  const parts = folds.map(({ held }, index) => ({
    scale: scales[index] as SurenessScale,
    // The surest first, so that a larger share accepts the next ones.
    surest: held
      .filter((row) => (course.sureness[row] ?? -1) >= 0)
      .sort((a, b) => (course.sureness[b] ?? 0) - (course.sureness[a] ?? 0)),
    accepted: 0,
  }));
  let best: Omit<Acceptance, 'given'> = { share: 0, precision: -1 };
  let [answers, right] = [0, 0];
  yield;
  for (const share of shares) {
    for (const part of parts) {
      const acceptFrom = part.scale.acceptFrom(share);
      for (; part.accepted < part.surest.length; part.accepted += 1) {
        const row = part.surest[part.accepted] ?? -1;
        if ((course.sureness[row] ?? -1) < acceptFrom) break;
        answers += 1;
        right += course.right[row] ?? 0;
      }
    }
    const precision = leastShare(right, answers);
    if (precision >= minPrecision || precision > best.precision) best = { share, precision };
  }
  const given = new Uint8Array(table.rows.length);
  for (const { surest, scale } of parts) {
    const acceptFrom = scale.acceptFrom(best.share);
    for (const row of surest) if ((course.sureness[row] ?? -1) >= acceptFrom) given[row] = 1;
  }
  return { ...best, given };
}

/**
 * The maximum number of contenders of each kind that are finalists: finding the share of one takes a replay of all rows in
 * each fold.
 */
const FINALISTS = 6;

/**
 * Selects the contenders that may accept most answers, as if all their fits stated their sureness on one scale: some of the
 * single models and whole panels, which are few, and some of the others.
 */
export function* mostCovering(
  contenders: readonly Contender[],
  rows: readonly number[],
  minPrecision: number,
  models: number,
): Generator<unknown, readonly Contender[]> {
  const promises: (ReturnType<typeof promiseOf> & { readonly contender: Contender })[] = [];
  for (const contender of contenders) {
    promises.push({ contender, ...promiseOf(contender, rows, minPrecision) });
    yield;
  }
  const rated = promises.toSorted(
    (a, b) => b.accepted - a.accepted || b.precision - a.precision || a.cost - b.cost,
  );
  const few = rated.filter(({ contender }) => kindOf(contender.candidate, models) !== 'part');
  const others = rated.filter((one) => !few.includes(one));
  return [few, others].flatMap((some) => some.slice(0, FINALISTS).map(({ contender }) => contender));
}

/** Returns how many answers of a contender are accepted at a precision, and the best precision of its surest answers. */
const promiseOf = ({ course }: Contender, rows: readonly number[], minPrecision: number) => {
  const sorted = rows
    .filter((row) => (course.sureness[row] ?? -1) >= 0)
    .toSorted((a, b) => (course.sureness[b] ?? 0) - (course.sureness[a] ?? 0));
  let [accepted, right, best] = [0, 0, 0];
  sorted.forEach((row, index) => {
    right += course.right[row] ?? 0;
    if (course.sureness[sorted[index + 1] ?? -1] === course.sureness[row]) return;
    const precision = leastShare(right, index + 1);
    best = Math.max(best, precision);
    if (precision >= minPrecision) accepted = index + 1;
  });
  const cost = rows.reduce((sum, row) => sum + (course.cost[row] ?? 0), 0);
  return { accepted, precision: best, cost };
};
