import { given } from '../../domain/given.ts';
import type { BallotTable } from './ballot-table.ts';
import { type Candidate, type Lesson, orderOf } from './candidate.ts';
import { knowsClasses, panelVoter } from './learned-voter.ts';
import type { Panel } from './panel.ts';
import { type Course, emptyCourse, playInSteps } from './play.ts';
import { voterOfMembers } from './rules.ts';
import { type SurenessScale, surenessScale } from './sureness-scale.ts';
import { finished } from './work.ts';

/** What is chosen: a candidate, and the share of the ballots that are sure enough for an answer. */
export interface Recipe {
  readonly candidate: Candidate;
  /** The share of its own ballots of which the panel is sure enough, 0..1. Default: every answer is given. */
  readonly acceptShare?: number;
}

/** The part of a panel that is chosen and learned. */
export type FittedPanel = Pick<Panel, 'members' | 'voter' | 'execution' | 'acceptFrom'>;

/** Makes the scale of a candidate that was fitted on the rows of a lesson. */
export function* scaleOf(
  table: BallotTable,
  candidate: Candidate,
  lesson: Lesson,
): Generator<unknown, SurenessScale> {
  const course = emptyCourse(table.rows.length);
  const panel = { order: orderOf(candidate, table, lesson), learned: yield* lesson.voterOf(candidate) };
  yield* playInSteps(table, lesson.rows, panel, [
    { execution: { schedule: 'parallel', stop: 'never' }, course },
  ]);
  return surenessScale(lesson.rows.map((row) => course.sureness[row] ?? -1));
}

/** Fits a recipe to the rows of a lesson. */
export function* fitPanel(
  table: BallotTable,
  { candidate, acceptShare }: Recipe,
  lesson: Lesson,
): Generator<unknown, FittedPanel> {
  const order = orderOf(candidate, table, lesson);
  const acceptFrom =
    acceptShare === undefined ? 0 : (yield* scaleOf(table, candidate, lesson)).acceptFrom(acceptShare);
  return {
    members: order.map((member) => table.models[member] ?? ''),
    voter: voterOfMembers((yield* lesson.voterOf(candidate)).rule, order),
    execution: candidate.execution,
    ...given({ acceptFrom: acceptFrom === 0 ? undefined : acceptFrom }),
  };
}

/** Plays a panel on some rows just as `fromPanel` runs it. A withheld answer counts as no answer. */
export const playPanel = (...replay: Parameters<typeof playPanelInSteps>): void =>
  finished(playPanelInSteps(...replay));

/** As {@link playPanel}, with pauses. */
export function* playPanelInSteps(
  table: BallotTable,
  rows: readonly number[],
  panel: FittedPanel,
  course: Course,
): Generator<unknown, void> {
  const order = panel.members.map((member) => table.models.indexOf(member));
  const learned = { voter: panelVoter(panel), surenessOf: () => 1, knowsClasses: knowsClasses(panel.voter) };
  yield* playInSteps(table, rows, { order, learned }, [{ execution: panel.execution, course }]);
}
