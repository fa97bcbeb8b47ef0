import { drawsFor } from '../../models/random.ts';
import { isAdditive } from '../../strategies/voting/additive-voter.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import { type Lesson, lessonFrom, orderOf } from './candidate.ts';
import { executionsOf, gates, type Ranked, type ScheduleName, shortlist } from './candidates.ts';
import { addendsOf, countRight } from './count-right.ts';
import type { Aim } from './panel.ts';
import { emptyCourse, isRightAtOnce, play } from './play.ts';
import { applies, type BallotTraits, type RuleName, ruleNames } from './rules.ts';
import { type Contender, type Selection, select } from './select.ts';

/** The input of a choice besides its rows. */
export interface ChoiceOptions {
  readonly aim: Aim;
  readonly folds: number;
  readonly seed: number | string;
  readonly schedules: readonly ScheduleName[];
  readonly subsets: readonly (readonly number[])[];
  readonly traits: BallotTraits;
}

/** Shuffles rows and deals them into folds. */
export const deal = (rows: readonly number[], folds: number, seed: string): number[][] => {
  const draw = drawsFor(seed);
  const shuffled = rows
    .map((row) => ({ row, priority: draw() }))
    .sort((a, b) => a.priority - b.priority || a.row - b.row);
  const dealt = Array.from({ length: folds }, (): number[] => []);
  shuffled.forEach(({ row }, index) => {
    dealt[index % folds]?.push(row);
  });
  return dealt;
};

/** The held-out rows of a fold, and what was learned from all other rows. */
interface Fold {
  readonly held: readonly number[];
  readonly lesson: Lesson;
}

const atOnce = { schedule: 'parallel', stop: 'never' } as const;

/** Counts the held-out rows that each set of members gets right under a rule, if all are asked at once. */
const rank = (
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

/** Chooses among all candidates by cross-validation within some rows. */
export const choose = (
  table: BallotTable,
  rows: readonly number[],
  options: ChoiceOptions,
): Selection & { readonly compared: number } => {
  const { aim, schedules, traits } = options;
  const dealt = deal(rows, options.folds, `tune/${options.seed}/inner`);
  const folds = dealt.map((held) => ({
    held,
    lesson: lessonFrom(table, dealt.filter((part) => part !== held).flat()),
  }));
  const rules = ruleNames.filter((rule) => applies(rule, traits));
  const ranked = rules.flatMap((rule) => {
    const sets = options.subsets.filter(({ length }) => length > 1 || namesSureness(rule));
    return rank(table, folds, sets, rule);
  });
  const keepsAll = 'maximize' in aim && aim.maximize === 'coverage';
  const singles = ranked.filter(({ members, rule }) => members.length === 1 && rule === 'majority');
  const candidates = [
    ...shortlist(ranked).flatMap(({ members, rule }) =>
      executionsOf({ members, rule }, schedules, table, keepsAll).map((execution) => ({
        members,
        rule,
        execution,
        isWhole: members.length === table.models.length,
      })),
    ),
    ...(schedules.includes('sequential') ? gates(singles, table) : []),
  ];
  const contenders = candidates.map(
    (candidate): Contender => ({ candidate, course: emptyCourse(table.rows.length) }),
  );
  playAll(table, folds, contenders);
  return { ...select(contenders, rows, aim), compared: ranked.length + contenders.length };
};

/** Plays all contenders; those with the same members, rule and order, which differ only in their stop rule, together. */
const playAll = (table: BallotTable, folds: readonly Fold[], contenders: readonly Contender[]): void => {
  const panels = Map.groupBy(contenders, ({ candidate: { members, rule, strong, execution } }) =>
    [rule, members, strong, execution.schedule].join('/'),
  );
  for (const panel of panels.values()) {
    const { candidate } = panel[0] as Contender;
    const runs = panel.map(({ candidate: { execution }, course }) => ({ execution, course }));
    for (const { held, lesson } of folds) {
      const order = orderOf(candidate, table, lesson);
      play(table, held, { order, learned: lesson.voterOf(candidate) }, runs);
    }
  }
};

/** One vote wins by every rule; only these rules differ in how sure they are of it. */
const namesSureness = (rule: RuleName): boolean =>
  ['majority', 'bestConfidence', 'naiveBayes'].includes(rule);
