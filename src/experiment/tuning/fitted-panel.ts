import { given } from '../../domain/given.ts';
import type { BallotTable } from './ballot-table.ts';
import { type Candidate, type Lesson, orderOf } from './candidate.ts';
import { knowsClasses, panelVoter } from './learned-voter.ts';
import type { Panel } from './panel.ts';
import { type Course, emptyCourse, play } from './play.ts';
import { voterOfMembers } from './rules.ts';
import { type SurenessScale, surenessScale } from './sureness-scale.ts';

/** What is chosen: a candidate, and the share of the ballots that are sure enough for an answer. */
export interface Recipe {
  readonly candidate: Candidate;
  /** The share of its own ballots of which the panel is sure enough, 0..1. Default: every answer is given. */
  readonly acceptShare?: number;
}

/** The part of a panel that is chosen and learned. */
export type FittedPanel = Pick<Panel, 'members' | 'voter' | 'execution' | 'acceptFrom'>;

/** Makes the scale of a candidate that was fitted on the rows of a lesson. */
export const scaleOf = (table: BallotTable, candidate: Candidate, lesson: Lesson): SurenessScale => {
  const course = emptyCourse(table.rows.length);
  const panel = { order: orderOf(candidate, table, lesson), learned: lesson.voterOf(candidate) };
  play(table, lesson.rows, panel, [{ execution: { schedule: 'parallel', stop: 'never' }, course }]);
  return surenessScale(lesson.rows.map((row) => course.sureness[row] ?? -1));
};

/** Fits a recipe to the rows of a lesson. */
export const fitPanel = (
  table: BallotTable,
  { candidate, acceptShare }: Recipe,
  lesson: Lesson,
): FittedPanel => {
  const order = orderOf(candidate, table, lesson);
  const acceptFrom =
    acceptShare === undefined ? 0 : scaleOf(table, candidate, lesson).acceptFrom(acceptShare);
  return {
    members: order.map((member) => table.models[member] ?? ''),
    voter: voterOfMembers(lesson.voterOf(candidate).rule, order),
    execution: candidate.execution,
    ...given({ acceptFrom: acceptFrom === 0 ? undefined : acceptFrom }),
  };
};

/** Plays a panel on some rows just as `fromPanel` runs it. A withheld answer counts as no answer. */
export const playPanel = (
  table: BallotTable,
  rows: readonly number[],
  panel: FittedPanel,
  course: Course,
): void => {
  const order = panel.members.map((member) => table.models.indexOf(member));
  const learned = { voter: panelVoter(panel), surenessOf: () => 1, knowsClasses: knowsClasses(panel.voter) };
  play(table, rows, { order, learned }, [{ execution: panel.execution, course }]);
};
