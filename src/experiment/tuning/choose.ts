import { drawsFor } from '../../models/random.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import { type Candidate, type Lesson, lessonFrom, orderOf, voterOf } from './candidate.ts';
import { executionsOf, gates, type Ranked, type ScheduleName, shortlist } from './candidates.ts';
import { addendsOf, countRight } from './count-right.ts';
import { type Counter, createCounter } from './counter.ts';
import type { Aim } from './panel.ts';
import { emptyCourse, play } from './play.ts';
import { applies, type BallotTraits, type RuleName, ruleNames } from './rules.ts';
import { type Contender, type Selection, select } from './select.ts';

/** What a choice depends on besides the rows it is made on. */
export interface ChoiceOptions {
  readonly aim: Aim;
  readonly folds: number;
  readonly seed: number | string;
  readonly schedules: readonly ScheduleName[];
  readonly subsets: readonly (readonly number[])[];
  readonly traits: BallotTraits;
}

/** Rows, shuffled and dealt out. */
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

/** One part of the rows, and what was learned from all others. */
interface Fold {
  readonly held: readonly number[];
  readonly lesson: Lesson;
  readonly counterFor: (rule: RuleName) => Counter;
}

const foldOf = (table: BallotTable, held: readonly number[], others: readonly number[]): Fold => {
  const lesson = lessonFrom(table, others);
  const counters = new Map<RuleName, Counter>();
  return {
    held,
    lesson,
    counterFor(rule) {
      const counter = counters.get(rule) ?? createCounter(lesson.voterOf(rule));
      counters.set(rule, counter);
      return counter;
    },
  };
};

const atOnce = { schedule: 'parallel', stop: 'never' } as const;

/** How many of the held-out rows each set of members gets right under a rule, when all are asked at once. */
const rank = (
  table: BallotTable,
  folds: readonly Fold[],
  sets: readonly (readonly number[])[],
  rule: RuleName,
): Ranked[] => {
  const size = table.models.length;
  const right = new Float64Array(sets.length);
  for (const { held, lesson, counterFor } of folds) {
    const counter = counterFor(rule);
    const addends = addendsOf(table, held, counter);
    sets.forEach((members, place) => {
      const countOne = (row: Row): boolean => {
        counter.start(row);
        for (const member of orderOf({ members, rule, execution: atOnce }, table, lesson)) {
          if ((row.answers[member] ?? -1) !== -1) counter.add(member);
        }
        return row.isRight[counter.leader()] ?? false;
      };
      right[place] =
        (right[place] ?? 0) +
        (counter.isSum ? countRight(addends, members, size, countOne) : addends.rows.filter(countOne).length);
    });
  }
  return sets.map((members, place) => ({ members, rule, right: right[place] ?? 0 }));
};

/** A choice among all candidates by cross-validation within some rows, and how many were compared. */
export const choose = (
  table: BallotTable,
  rows: readonly number[],
  options: ChoiceOptions,
): Selection & { readonly compared: number } => {
  const { aim, schedules, traits } = options;
  const dealt = deal(rows, options.folds, `tune/${options.seed}/inner`);
  const folds = dealt.map((held) => foldOf(table, held, dealt.filter((part) => part !== held).flat()));
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
  const contenders = candidates.map((candidate: Candidate): Contender => {
    const course = emptyCourse(table.rows.length);
    for (const { held, lesson, counterFor } of folds) {
      const counter =
        candidate.strong === undefined
          ? counterFor(candidate.rule)
          : createCounter(voterOf(candidate, lesson, table.models.length));
      play(table, held, orderOf(candidate, table, lesson), counter, candidate.execution, course, keepsAll);
    }
    return { candidate, course };
  });
  return { ...select(contenders, rows, aim), compared: ranked.length + contenders.length };
};

/** One vote wins by every rule; only how sure it is depends on the rule. */
const namesSureness = (rule: RuleName): boolean =>
  ['majority', 'bestConfidence', 'naiveBayes'].includes(rule);
