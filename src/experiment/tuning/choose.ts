import { given } from '../../domain/given.ts';
import { isAdditive } from '../../strategies/voting/additive-voter.ts';
import { acceptanceFor, mostCovering } from './accepting-share.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import { type Candidate, type Lesson, orderOf } from './candidate.ts';
import {
  executionsOf,
  fullExecutionsOf,
  gates,
  type Ranked,
  type ScheduleName,
  shortlist,
} from './candidates.ts';
import type { Contender } from './contender.ts';
import { addendsOf, countRight } from './count-right.ts';
import type { Recipe } from './fitted-panel.ts';
import type { Fold } from './folds.ts';
import type { Aim } from './panel.ts';
import { emptyCourse, isRightAtOnce, play } from './play.ts';
import { applies, type BallotTraits, type RuleName, ruleNames } from './rules.ts';
import { select } from './select.ts';

/** The input of a choice besides its rows. */
export interface ChoiceOptions {
  readonly aim: Aim;
  readonly seed: number | string;
  readonly schedules: readonly ScheduleName[];
  readonly subsets: readonly (readonly number[])[];
  readonly traits: BallotTraits;
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

/** The rows that a choice is made by: what all of them teach, and the folds of its cross-validation. */
export interface Ground {
  readonly lesson: Lesson;
  readonly folds: readonly Fold[];
}

/** A chosen recipe. */
export interface Choice {
  readonly recipe: Recipe;
  /** The number of candidates that were compared. */
  readonly compared: number;
}

/**
 * Chooses among all candidates by cross-validation within the rows of a lesson. It is a generator because it takes seconds: it
 * yields the share of its work that is done, so that its caller may pause.
 */
export function* choose(
  table: BallotTable,
  { lesson, folds }: Ground,
  options: ChoiceOptions,
): Generator<number, Choice> {
  const { aim, schedules, traits } = options;
  const rules = ruleNames.filter((rule) => applies(rule, traits));
  const ranked: Ranked[] = [];
  for (const [index, rule] of rules.entries()) {
    const sets = options.subsets.filter(({ length }) => length > 1 || namesSureness(rule));
    ranked.push(...rank(table, folds, sets, rule));
    yield (0.4 * (index + 1)) / rules.length;
  }
  const isForCoverage = 'maximize' in aim && aim.maximize === 'coverage';
  const singles = ranked.filter(({ members, rule }) => members.length === 1 && rule === 'majority');
  const candidates: Candidate[] = [
    ...shortlist(ranked).flatMap(({ members, rule }) =>
      (isForCoverage
        ? fullExecutionsOf(members, schedules)
        : executionsOf({ members, rule }, schedules, table)
      ).map((execution) => ({ members, rule, execution, isWhole: members.length === table.models.length })),
    ),
    ...(schedules.includes('sequential') && !isForCoverage ? gates(singles, table) : []),
  ];
  const contenders = candidates.map(
    (candidate): Contender => ({ candidate, course: emptyCourse(table.rows.length) }),
  );
  for (const share of playAll(table, folds, contenders, isForCoverage)) yield 0.4 + 0.4 * share;
  const compared = ranked.length + contenders.length;
  if (!isForCoverage)
    return { recipe: { candidate: select(contenders, lesson.rows, aim).candidate }, compared };
  const finalists = mostCovering(contenders, lesson.rows, aim.minPrecision);
  const accepting: Contender[] = [];
  for (const [index, contender] of finalists.entries()) {
    accepting.push({
      ...contender,
      acceptance: acceptanceFor(contender, table, { folds, lesson }, aim.minPrecision),
    });
    yield 0.8 + (0.2 * (index + 1)) / finalists.length;
  }
  const { candidate, acceptance } = select(accepting, lesson.rows, aim);
  return { recipe: { candidate, ...given({ acceptShare: acceptance?.share }) }, compared };
}

/** Plays all contenders; those with the same members, rule and order, which differ only in their stop rule, together. */
function* playAll(
  table: BallotTable,
  folds: readonly Fold[],
  contenders: readonly Contender[],
  isInFull: boolean,
): Generator<number, void> {
  const panels = Map.groupBy(contenders, ({ candidate: { members, rule, strong, execution } }) =>
    [rule, members, strong, execution.schedule].join('/'),
  );
  let played = 0;
  for (const panel of panels.values()) {
    const { candidate } = panel[0] as Contender;
    const runs = panel.map(({ candidate, course }) => ({
      execution: isInFull ? atOnce : candidate.execution,
      course,
    }));
    for (const { held, lesson } of folds) {
      const order = orderOf(candidate, table, lesson);
      play(table, held, { order, learned: lesson.voterOf(candidate) }, runs);
    }
    played += 1;
    yield played / panels.size;
  }
}

/** One vote wins by every rule; only these rules differ in how sure they are of it. */
const namesSureness = (rule: RuleName): boolean =>
  ['majority', 'bestConfidence', 'naiveBayes'].includes(rule);
