import type { StopRule } from '../../domain/execution.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Tally } from '../../domain/tally.ts';
import { Election } from '../../strategies/voting/election.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import type { LearnedVoter } from './learned-voter.ts';
import type { PanelExecution } from './panel.ts';
import { stopRuleOf } from './panel-execution.ts';

/** The result of every row of a table, by the place of the row. */
export interface Course {
  /** 1 if the answer is right. */
  readonly right: Uint8Array;
  /** How sure the answer is; below 0 if there is no answer. */
  readonly sureness: Float64Array;
  readonly calls: Uint16Array;
  readonly cost: Float64Array;
}

/** A course without results. */
export const emptyCourse = (rows: number): Course => ({
  right: new Uint8Array(rows),
  sureness: new Float64Array(rows).fill(-1),
  calls: new Uint16Array(rows),
  cost: new Float64Array(rows),
});

/** A panel to replay. */
export interface ReplayedPanel {
  /** The places of the members in the table, in the order in which they are asked. */
  readonly order: readonly number[];
  readonly learned: Pick<LearnedVoter, 'voter' | 'surenessOf' | 'knowsClasses'>;
}

/** An execution to replay, and the course to write its results to. */
export interface Run {
  readonly execution: PanelExecution;
  readonly course: Course;
}

/**
 * Holds the election of each row with the recorded votes, once for all executions that ask the members in this
 * order. Rows in which the members answer alike have the same election, which is held once.
 */
export const play = (
  table: BallotTable,
  rows: readonly number[],
  { order, learned }: ReplayedPanel,
  runs: readonly Run[],
): void => {
  const { voter, surenessOf } = learned;
  const ids = order.map((member) => table.models[member] ?? '');
  const stopping = runs.map(({ execution, course }) => ({ course, stop: earlyStopOf(execution) }));
  const held = new Map<string, number>();
  for (const index of rows) {
    const row = table.rows[index];
    if (row === undefined) continue;
    if (!table.hasConfidences) {
      const pattern = patternOf(row, order, learned.knowsClasses);
      const twin = held.get(pattern);
      if (twin !== undefined) {
        for (const { course } of runs) copyResult(course, twin, index, row, order);
        continue;
      }
      held.set(pattern, index);
    }
    const election = new Election(voter, ids);
    let running: readonly StoppingRun[] = stopping;
    let calls = 0;
    let cost = 0;
    const end = ({ course }: Pick<Run, 'course'>, tally: Tally): void => {
      course.right[index] = isRight(row, tally.leadingVote) ? 1 : 0;
      course.sureness[index] = tally.leadingVote === undefined ? -1 : surenessOf(tally);
      course.calls[index] = calls;
      course.cost[index] = cost;
    };
    for (const member of order) {
      addRecorded(election, row, member, calls);
      calls += 1;
      cost += row.costs[member] ?? 0;
      if (election.successes === 0 || running.every(({ stop }) => stop === undefined)) continue;
      const tally = election.tally();
      const ended = running.filter(({ stop }) => stop?.(tally));
      if (ended.length === 0) continue;
      for (const run of ended) end(run, tally);
      running = running.filter((run) => !ended.includes(run));
      if (running.length === 0) break;
    }
    if (running.length === 0) continue;
    const tally = election.tally();
    for (const run of running) end(run, tally);
  }
};

/** Describes which members give the same answer and which answers are right; with classes, also which answers these are. */
const patternOf = (
  { answers, classes, isRight }: Row,
  order: readonly number[],
  knowsClasses: boolean,
): string => {
  const seen: number[] = [];
  let pattern = '';
  for (const member of order) {
    const answer = answers[member] ?? -1;
    if (answer !== -1 && !seen.includes(answer)) seen.push(answer);
    const name = knowsClasses ? (classes[answer] ?? -1) : seen.indexOf(answer);
    pattern += isRight[answer] ? `${name}+` : `${name}-`;
  }
  return pattern;
};

const copyResult = (
  course: Course,
  from: number,
  to: number,
  { costs }: Row,
  order: readonly number[],
): void => {
  const calls = course.calls[from] ?? 0;
  course.right[to] = course.right[from] ?? 0;
  course.sureness[to] = course.sureness[from] ?? -1;
  course.calls[to] = calls;
  course.cost[to] = order.slice(0, calls).reduce((sum, member) => sum + (costs[member] ?? 0), 0);
};

interface StoppingRun extends Pick<Run, 'course'> {
  readonly stop: StopRule | undefined;
}

/** Calls that start together are all paid for, even if the rest cannot change the answer. */
const earlyStopOf = (execution: PanelExecution): StopRule | undefined =>
  execution.schedule === 'parallel' ? undefined : stopRuleOf(execution);

/** Adds what a member of the panel answered; its place in the panel decides ties. */
const addRecorded = (election: Election<unknown>, row: Row, member: number, place: number): void => {
  const outcome = row.outcomes[member];
  if (outcome === undefined) return;
  outcome.index = place;
  election.add(outcome);
};

const isRight = ({ ballot }: Row, leader: Vote | undefined): boolean =>
  leader !== undefined && ballot.rightKeys.has(leader.key);

/** Whether the row is right if all members are asked at once. */
export const isRightAtOnce = (row: Row, order: readonly number[], { voter }: LearnedVoter): boolean => {
  const election = new Election(voter);
  order.forEach((member, place) => {
    addRecorded(election, row, member, place);
  });
  return isRight(row, election.tally().leadingVote);
};
