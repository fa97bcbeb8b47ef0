import type { StopRule } from '../../domain/execution.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Tally } from '../../domain/tally.ts';
import { Election } from '../../strategies/voting/election.ts';
import type { BallotTable, Row } from './ballot-table.ts';
import type { LearnedVoter } from './learned-voter.ts';
import type { PanelExecution } from './panel.ts';
import { stopRuleOf } from './panel-execution.ts';
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
export const play = (...replay: Parameters<typeof playInSteps>): void => finished(playInSteps(...replay));

/** The number of elections that are held in one step. */
const ELECTIONS_OF_A_STEP = 200;

/** As {@link play}, with pauses. */
export function* playInSteps(
  table: BallotTable,
  rows: readonly number[],
  { order, learned }: ReplayedPanel,
  runs: readonly Run[],
): Generator<undefined, void> {
  const { voter, surenessOf } = learned;
  const ids = order.map((member) => table.models[member] ?? '');
  const stopping = runs.map(({ execution, course }) => ({ course, stop: earlyStopOf(execution) }));
  const held = new Map<string | number, number>();
  let elections = 0;
  const patternOf = patternsOf(table, order, learned.knowsClasses);
  for (const kind of table.kindsOf(rows, learned.knowsClasses)) {
    const [index = 0] = kind;
    const row = table.rows[index];
    if (row === undefined) continue;
    const pattern = table.hasConfidences ? undefined : patternOf(index);
    const rightOf = (place: number): number =>
      table.isRight[index * table.models.length + (order[place] ?? 0)] ?? 0;
    const twin = pattern === undefined ? undefined : held.get(pattern);
    if (twin === undefined) {
      elections += 1;
      if (elections % ELECTIONS_OF_A_STEP === 0) yield;
      if (pattern !== undefined) held.set(pattern, index);
      elect(row, new Election(voter, ids), order, stopping, (run, tally, calls) => {
        run.course.right[index] = tally.leadingVote === undefined ? 0 : rightOf(tally.leadingVote.index);
        run.course.sureness[index] = tally.leadingVote === undefined ? -1 : surenessOf(tally);
        run.course.calls[index] = calls;
      });
    }
    for (const { course } of runs) copyResult(table, course, twin ?? index, kind, order);
  }
}

/** Adds the recorded votes in their order, and ends each run after the vote at which it stops. */
const elect = (
  row: Row,
  election: Election<unknown>,
  order: readonly number[],
  runs: readonly StoppingRun[],
  end: (run: StoppingRun, tally: Tally, calls: number) => void,
): void => {
  const isEnded = new Uint8Array(runs.length);
  let stopping = runs.filter(({ stop }) => stop !== undefined).length;
  let left = runs.length;
  for (let place = 0; place < order.length; place += 1) {
    addRecorded(election, row, order[place] ?? 0, place);
    if (stopping === 0 || election.successes === 0) continue;
    const tally = election.tally();
    for (let at = 0; at < runs.length; at += 1) {
      const run = runs[at] as StoppingRun;
      if (isEnded[at] === 1 || !run.stop?.(tally)) continue;
      end(run, tally, place + 1);
      isEnded[at] = 1;
      stopping -= 1;
      left -= 1;
    }
    if (left === 0) return;
  }
  const tally = election.tally();
  for (const [at, run] of runs.entries()) if (isEnded[at] === 0) end(run, tally, order.length);
};

/**
 * Makes the function that describes which members give the same answer to a row and which answers are right; with classes,
 * also which answers these are. A number if that is large enough, because a text takes several times as long to make and to
 * find.
 */
const patternsOf = (
  { models, rows, answers, isRight, classes }: BallotTable,
  order: readonly number[],
  knowsClasses: boolean,
): ((place: number) => string | number) => {
  const radix = 2 * ((knowsClasses ? classes : models.length) + 1);
  const isNumber = radix ** order.length < Number.MAX_SAFE_INTEGER;
  const names = new Int32Array(models.length);
  return (place) => {
    const from = place * models.length;
    const named = rows[place]?.classes ?? [];
    let [number, text, seen] = [0, '', 0];
    names.fill(0);
    for (const member of order) {
      const answer = answers[from + member] ?? -1;
      let name = 0;
      if (answer !== -1 && knowsClasses) name = (named[answer] ?? 0) + 1;
      else if (answer !== -1) {
        if (names[answer] === 0) {
          seen += 1;
          names[answer] = seen;
        }
        name = names[answer] ?? 0;
      }
      const digit = 2 * name + (isRight[from + member] ?? 0);
      if (isNumber) number = number * radix + digit;
      else text += `${digit},`;
    }
    return isNumber ? number : text;
  };
};

/** Writes the result of a row to rows of the same kind, each with the costs of its own calls. */
const copyResult = (
  { models, costs, unit }: BallotTable,
  course: Course,
  from: number,
  kind: readonly number[],
  order: readonly number[],
): void => {
  const right = course.right[from] ?? 0;
  const sureness = course.sureness[from] ?? -1;
  const calls = course.calls[from] ?? 0;
  for (const place of kind) {
    let cost = calls;
    if (unit === 'usd') {
      cost = 0;
      for (let call = 0; call < calls; call += 1)
        cost += costs[place * models.length + (order[call] ?? 0)] ?? 0;
    }
    course.right[place] = right;
    course.sureness[place] = sureness;
    course.calls[place] = calls;
    course.cost[place] = cost;
  }
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
