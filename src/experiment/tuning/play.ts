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

/** A course without results. Courses may share the sureness if it is not read. */
export const emptyCourse = (rows: number, sureness = new Float64Array(rows).fill(-1)): Course => ({
  right: new Uint8Array(rows),
  sureness,
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
  const held = new Map<string | number, number>();
  const names = learned.knowsClasses ? table.classes : order.length;
  for (const kind of table.kindsOf(rows, learned.knowsClasses)) {
    const [index = 0] = kind;
    const row = table.rows[index];
    if (row === undefined) continue;
    const pattern = table.hasConfidences ? undefined : patternOf(row, order, learned.knowsClasses, names);
    const twin = pattern === undefined ? undefined : held.get(pattern);
    if (twin === undefined) {
      if (pattern !== undefined) held.set(pattern, index);
      elect(row, new Election(voter, ids), order, stopping, (run, tally, calls) => {
        run.course.right[index] = isRight(row, tally.leadingVote) ? 1 : 0;
        run.course.sureness[index] = tally.leadingVote === undefined ? -1 : surenessOf(tally);
        run.course.calls[index] = calls;
      });
    }
    for (const { course } of runs) copyResult(table, course, twin ?? index, kind, order);
  }
};

/** Adds the recorded votes in their order, and ends each run after the vote at which it stops. */
const elect = (
  row: Row,
  election: Election<unknown>,
  order: readonly number[],
  runs: readonly StoppingRun[],
  end: (run: StoppingRun, tally: Tally, calls: number) => void,
): void => {
  let running = runs;
  for (const [place, member] of order.entries()) {
    addRecorded(election, row, member, place);
    if (election.successes === 0 || running.every(({ stop }) => stop === undefined)) continue;
    const tally = election.tally();
    const ended = running.filter(({ stop }) => stop?.(tally));
    if (ended.length === 0) continue;
    for (const run of ended) end(run, tally, place + 1);
    running = running.filter((run) => !ended.includes(run));
    if (running.length === 0) return;
  }
  const tally = election.tally();
  for (const run of running) end(run, tally, order.length);
};

/**
 * Describes which members give the same answer and which answers are right; with classes, also which answers these are. A
 * number if that is large enough, because a text takes several times as long to make and to find.
 */
const patternOf = (
  { answers, classes, isRight }: Row,
  order: readonly number[],
  knowsClasses: boolean,
  names: number,
): string | number => {
  const seen: number[] = [];
  const radix = 2 * (names + 1);
  const isNumber = radix ** order.length < Number.MAX_SAFE_INTEGER;
  let [number, text] = [0, ''];
  for (const member of order) {
    const answer = answers[member] ?? -1;
    if (answer !== -1 && !seen.includes(answer)) seen.push(answer);
    const name = knowsClasses ? (classes[answer] ?? -1) : seen.indexOf(answer);
    const digit = 2 * (name + 1) + (isRight[answer] ? 1 : 0);
    if (isNumber) number = number * radix + digit;
    else text += `${digit},`;
  }
  return isNumber ? number : text;
};

/** Writes the result of a row to rows of the same kind, each with the costs of its own calls. */
const copyResult = (
  { rows, unit }: BallotTable,
  course: Course,
  from: number,
  kind: readonly number[],
  order: readonly number[],
): void => {
  const right = course.right[from] ?? 0;
  const sureness = course.sureness[from] ?? -1;
  const calls = course.calls[from] ?? 0;
  for (const place of kind) {
    course.right[place] = right;
    course.sureness[place] = sureness;
    course.calls[place] = calls;
    course.cost[place] = unit === 'calls' ? calls : costOf(rows[place]?.costs ?? [], order, calls);
  }
};

/** Sums the costs of the first calls. */
const costOf = (costs: readonly number[], order: readonly number[], calls: number): number => {
  let sum = 0;
  for (let call = 0; call < calls; call += 1) sum += costs[order[call] ?? -1] ?? 0;
  return sum;
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
