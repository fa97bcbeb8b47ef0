import type { StopRule } from '../../domain/execution.ts';
import type { Vote } from '../../domain/outcome.ts';
import { Election } from '../../strategies/voting/election.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import type { LearnedVoter } from './learned-voter.ts';
import type { PanelExecution } from './panel.ts';
import { stopRuleOf } from './panel-execution.ts';
import { type End, placedVote, type ReplayedPanel, sharedElections } from './shared-elections.ts';
import { finished } from './work.ts';

/** The result of every row of a table, by the place of the row. */
export interface Course {
  /** 1 if the answer is right. */
  readonly right: Uint8Array;
  /** How sure the answer is; below 0 if there is no answer. */
  readonly sureness: Float64Array;
  readonly calls: Uint16Array;
  readonly cost: Float64Array;
}

/** A course without results. Courses may share the sureness if it is not read. */
export const emptyCourse = (rows: number, sureness = new Float64Array(rows).fill(-1)): Course => ({
  right: new Uint8Array(rows),
  sureness,
  calls: new Uint16Array(rows),
  cost: new Float64Array(rows),
});

/** An execution to replay, and the course to write its results to. */
export interface Run {
  readonly execution: PanelExecution;
  readonly course: Course;
}

/**
 * Holds the election of each row with the recorded votes, once for all executions that ask the members in this
 * order. If members answer rows alike, these have the same election, which is held once; see {@link sharedElections}.
 */
export const play = (...replay: Parameters<typeof playInSteps>): void => finished(playInSteps(...replay));

/** The number of kinds of rows that are played in one step. */
const KINDS_OF_A_STEP = 200;

/** As {@link play}, with pauses. */
export function* playInSteps(
  table: BallotTable,
  rows: readonly number[],
  { order, learned }: ReplayedPanel,
  runs: readonly Run[],
): Generator<undefined, void> {
  const endsOf = sharedElections(
    table,
    { order, learned },
    runs.map(({ execution }) => earlyStopOf(execution)),
  );
  const costAfter = new Float64Array(order.length + 1);
  for (const [at, kind] of table.kindsOf(rows, learned.knowsClasses).entries()) {
    if (at % KINDS_OF_A_STEP === KINDS_OF_A_STEP - 1) yield;
    const [first = 0] = kind;
    const ends = endsOf(first);
    for (const place of kind) {
      writeCosts(table, place, order, costAfter);
      for (let run = 0; run < runs.length; run += 1) {
        const { course } = runs[run] as Run;
        const { calls, leader, sureness } = ends[run] as End;
        course.right[place] =
          leader === -1 ? 0 : (table.isRight[place * table.models.length + (order[leader] ?? 0)] ?? 0);
        course.sureness[place] = sureness;
        course.calls[place] = calls;
        course.cost[place] = costAfter[calls] ?? 0;
      }
    }
  }
}

/** Writes what the first calls of a row cost together, for each number of calls. */
const writeCosts = (
  { models, costs, unit }: BallotTable,
  place: number,
  order: readonly number[],
  costAfter: Float64Array,
): void => {
  const from = place * models.length;
  for (let call = 0; call < order.length; call += 1) {
    costAfter[call + 1] =
      (costAfter[call] ?? 0) + (unit === 'calls' ? 1 : (costs[from + (order[call] ?? 0)] ?? 0));
  }
};

/** Calls that start together are all paid for, even if the rest cannot change the answer. */
const earlyStopOf = (execution: PanelExecution): StopRule | undefined =>
  execution.schedule === 'parallel' ? undefined : stopRuleOf(execution);

const isRight = ({ ballot }: Row, leader: Vote | undefined): boolean =>
  leader !== undefined && ballot.rightKeys.has(leader.key);

/** Whether the row is right if all members are asked at once. */
export const isRightAtOnce = (row: Row, order: readonly number[], { voter }: LearnedVoter): boolean => {
  const election = new Election(voter);
  order.forEach((member, place) => {
    election.add(placedVote(row, member, place));
  });
  return isRight(row, election.tally().leadingVote);
};
