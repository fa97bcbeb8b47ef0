import { isAdditive } from '../../strategies/voting/additive-voter.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import { orderOf } from './candidate.ts';
import type { Ranked } from './candidates.ts';
import { addRight, byBest, bySum, walkOf } from './count-right.ts';
import type { Fold } from './folds.ts';
import { isRightAtOnce } from './play.ts';
import type { RuleName } from './rules.ts';
import { pausing } from './work.ts';

const atOnce = { schedule: 'parallel', stop: 'never' } as const;

/** The number of rows that are counted in one step. */
const ROWS_OF_A_STEP = 100;

/**
 * Counts the held-out rows that each set of members gets right under a rule, if all are asked at once. Yields the share of the
 * folds that is done.
 */
export function* rank(
  table: BallotTable,
  folds: readonly Fold[],
  sets: readonly (readonly number[])[],
  rule: RuleName,
): Generator<number, Ranked[]> {
  const walk = walkOf(sets);
  const right = new Float64Array(sets.length);
  const everybody = Array.from(table.models.keys());
  for (const [index, { held, lesson }] of folds.entries()) {
    yield index / folds.length;
    const learned = yield* pausing(index / folds.length, lesson.voterOf({ rule, members: [] }));
    const scoring = isAdditive(learned.voter) ? bySum(learned.voter) : byBest;
    const order = orderOf({ members: everybody, rule, execution: atOnce }, table, lesson);
    const tiebreak = {
      ranks: everybody.map((model) => order.indexOf(model)),
      elect: (row: Row, members: readonly number[]): boolean =>
        isRightAtOnce(
          row,
          order.filter((model) => members.includes(model)),
          learned,
        ),
    };
    const kinds = table.kindsOf(held, learned.knowsClasses);
    for (const [at, kind] of kinds.entries()) {
      const row = table.rows[kind[0] ?? -1];
      if (row !== undefined) addRight(row, scoring, walk, tiebreak, right, kind.length);
      if (at % ROWS_OF_A_STEP === 0) yield (index + at / kinds.length) / folds.length;
    }
  }
  const counts = new Float64Array(sets.length);
  walk.places.forEach((place, index) => {
    counts[place] = right[index] ?? 0;
  });
  return sets.map((members, place) => ({ members, rule, right: counts[place] ?? 0 }));
}
