import type { BallotTable, Row } from './ballot-table.ts';
import type { Counter } from './counter.ts';
import type { PanelExecution } from './panel.ts';

/** What became of every row of a table, by the place of the row. */
export interface Course {
  /** 1 where the answer is right. */
  readonly right: Uint8Array;
  /** How sure the answer is; below 0 where there is none. */
  readonly sureness: Float64Array;
  readonly calls: Uint16Array;
  readonly cost: Float64Array;
}

/** A course of which nothing has been played yet. */
export const emptyCourse = (rows: number): Course => ({
  right: new Uint8Array(rows),
  sureness: new Float64Array(rows),
  calls: new Uint16Array(rows),
  cost: new Float64Array(rows),
});

/** Plays recorded votes as an ensemble would hear them, and writes down what became of each row. */
export const play = (
  table: BallotTable,
  rows: readonly number[],
  order: readonly number[],
  counter: Counter,
  execution: PanelExecution,
  course: Course,
  isSurenessWanted: boolean,
): void => {
  for (const index of rows) {
    const row = table.rows[index];
    if (row === undefined) continue;
    counter.start(row);
    const calls = hear(row, order, counter, execution);
    let cost = 0;
    for (let place = 0; place < calls; place += 1) cost += row.costs[order[place] ?? -1] ?? 0;
    const leader = counter.leader();
    course.right[index] = row.isRight[leader] ? 1 : 0;
    course.sureness[index] = leader === -1 ? -1 : isSurenessWanted ? counter.sureness() : 1;
    course.calls[index] = calls;
    course.cost[index] = cost;
  }
};

/** Hears the members in their order until the execution stops; says how many calls were made. */
const hear = (row: Row, order: readonly number[], counter: Counter, execution: PanelExecution): number => {
  // Of calls that start together none is saved, whenever the rest no longer matters.
  const stop = execution.schedule === 'parallel' ? 'never' : execution.stop;
  let open = 0;
  if (stop === 'decided') for (const member of order) open += counter.ceiling(member);
  let cast = 0;
  for (let place = 0; place < order.length; place += 1) {
    const member = order[place] ?? -1;
    if ((row.answers[member] ?? -1) !== -1) {
      counter.add(member);
      cast += 1;
    }
    if (stop === 'never') continue;
    if (stop === 'decided') open -= counter.ceiling(member);
    if (cast > 0 && isOver(execution, counter, cast, open)) return place + 1;
  }
  return order.length;
};

const isOver = (execution: PanelExecution, counter: Counter, cast: number, open: number): boolean => {
  switch (execution.stop) {
    case 'decided':
      return counter.margin() > open;
    case 'confident':
      return counter.confidence() >= execution.threshold;
    case 'agreement':
      return cast >= execution.votes && counter.isUnanimous();
    default:
      return false;
  }
};
