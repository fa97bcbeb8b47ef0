import type { BallotTable } from './ballot-table.ts';
import type { Candidate } from './candidate.ts';
import {
  executionsOf,
  fullExecutionsOf,
  gates,
  type Ranked,
  type ScheduleName,
  shortlist,
} from './candidates.ts';
import { type Chooser, chooserAmong, isForCoverage } from './choose.ts';
import type { Aim } from './panel.ts';
import { rank } from './rank.ts';
import { applies, type BallotTraits, type RuleName, ruleNames } from './rules.ts';
import { pausing, scaled } from './work.ts';

/** The extent of a search. */
export interface SearchOptions {
  readonly aim: Aim;
  readonly schedules: readonly ScheduleName[];
  readonly subsets: readonly (readonly number[])[];
  readonly traits: BallotTraits;
}

/** Makes the chooser that searches all sets of members under all rules, and compares the best ways to ask them. */
export const searchOf = (table: BallotTable, { aim, schedules, subsets, traits }: SearchOptions): Chooser =>
  function* (ground) {
    const rules = ruleNames.filter((rule) => applies(rule, traits));
    const ranked: Ranked[] = [];
    for (const [index, rule] of rules.entries()) {
      const sets = subsets.filter(({ length }) => length > 1 || namesSureness(rule));
      const shareOf = (rank: number): number => (0.4 * rank) / rules.length;
      ranked.push(
        ...(yield* scaled(rank(table, ground.folds, sets, rule), shareOf(index), shareOf(index + 1))),
      );
    }
    const singles = ranked.filter(({ members, rule }) => members.length === 1 && rule === 'majority');
    const candidates: Candidate[] = [
      ...shortlist(ranked).flatMap(({ members, rule }) =>
        (isForCoverage(aim)
          ? fullExecutionsOf(members, schedules)
          : executionsOf({ members, rule }, schedules, table)
        ).map((execution) => ({ members, rule, execution })),
      ),
      ...(schedules.includes('sequential') && !isForCoverage(aim)
        ? yield* pausing(0.4, gates(singles, table, ground.lesson.rows))
        : []),
    ];
    const choose = chooserAmong(table, candidates, aim);
    const { recipe, compared } = yield* scaled(choose(ground), 0.4, 1);
    return { recipe, compared: ranked.length + compared };
  };

/** One vote wins by every rule; only these rules differ in how sure they are of it. */
const namesSureness = (rule: RuleName): boolean =>
  ['majority', 'bestConfidence', 'naiveBayes'].includes(rule);
