import { isAdditive } from '../../strategies/voting/additive-voter.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import { orderOf } from './candidate.ts';
import type { Ranked } from './candidates.ts';
import { addendsOf, countRight } from './count-right.ts';
import type { Fold } from './folds.ts';
import { isRightAtOnce } from './play.ts';
import type { RuleName } from './rules.ts';

const atOnce = { schedule: 'parallel', stop: 'never' } as const;

/** Counts the held-out rows that each set of members gets right under a rule, if all are asked at once. */
export const rank = (
  table: BallotTable,
  folds: readonly Fold[],
  sets: readonly (readonly number[])[],
  rule: RuleName,
): Ranked[] => {
  const size = table.models.length;
  const right = new Float64Array(sets.length);
  for (const { held, lesson } of folds) {
    const learned = lesson.voterOf({ rule, members: [] });
    const rows = held.flatMap((index) => table.rows[index] ?? []);
    const addends = isAdditive(learned.voter) ? addendsOf(rows, size, learned.voter) : undefined;
    sets.forEach((members, place) => {
      const order = orderOf({ members, rule, execution: atOnce }, table, lesson);
      const elect = (row: Row): boolean => isRightAtOnce(row, order, learned);
      right[place] =
        (right[place] ?? 0) +
        (addends === undefined ? rows.filter(elect).length : countRight(addends, members, size, elect));
    });
  }
  return sets.map((members, place) => ({ members, rule, right: right[place] ?? 0 }));
};
