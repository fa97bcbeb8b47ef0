import type { Vote } from '../../domain/outcome.ts';
import { isAdditive } from '../../strategies/voting/additive-voter.ts';
import { byBest, bySum, byWeights, FEW_MODELS, type Scoring } from './answer-scores.ts';
import { type BallotTable, outcomeOf, type Row } from './ballot-table.ts';
import { orderOf } from './candidate.ts';
import type { Ranked } from './candidates.ts';
import { rightCounter } from './count-right.ts';
import type { Fold } from './folds.ts';
import type { LearnedVoter } from './learned-voter.ts';
import { isRightAtOnce } from './play.ts';
import type { RuleName } from './rules.ts';
import { treeOf } from './set-tree.ts';
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
  const tree = treeOf(sets);
  const right = new Float64Array(tree.parents.length);
  const everybody = Array.from(table.models.keys());
  for (const [index, { held, lesson }] of folds.entries()) {
    yield index / folds.length;
    const learned = yield* pausing(index / folds.length, lesson.voterOf({ rule, members: [] }));
    const order = orderOf({ members: everybody, rule, execution: atOnce }, table, lesson);
    const tiebreak = {
      ranks: everybody.map((model) => order.indexOf(model)),
      elect: (row: Row, members: readonly number[]): boolean =>
        members.some((member) => row.answers[member] !== -1) &&
        isRightAtOnce(
          row,
          order.filter((model) => members.includes(model)),
          learned,
        ),
    };
    const addRight = rightCounter(tree, everybody.length, scoringOf(table, learned), tiebreak);
    const kinds = table.kindsOf(held, learned.knowsClasses);
    for (const [at, kind] of kinds.entries()) {
      const row = table.rows[kind[0] ?? -1];
      if (row !== undefined) addRight(row, right, kind.length);
      if (at % ROWS_OF_A_STEP === 0) yield (index + at / kinds.length) / folds.length;
    }
  }
  return sets.map((members, place) => ({ members, rule, right: right[tree.nodes[place] ?? 0] ?? 0 }));
}

const scoringOf = (
  { models, hasConfidences }: BallotTable,
  { voter, knowsClasses }: LearnedVoter,
): Scoring => {
  if (!isAdditive(voter)) return byBest;
  if (hasConfidences || knowsClasses || models.length > FEW_MODELS) return bySum(voter);
  return byWeights(
    models.map((model, place) => voter.unitsFor(outcomeOf(model, place, { key: '' }) as Vote, '')),
  );
};
