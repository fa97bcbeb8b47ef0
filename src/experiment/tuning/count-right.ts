import type { AdditiveVoter } from '../../strategies/voting/additive-voter.ts';
import type { Row } from './ballot-table.ts';

/** What each vote adds to each answer, as flat arrays, so that thousands of panels can be summed. */
export interface Addends {
  readonly rows: readonly Row[];
  /** For each row and each of its answers: its units before the first vote. */
  readonly base: Float64Array;
  /** For each row, each model and each answer: the units that the vote of the model adds. */
  readonly adds: Float64Array;
}

/** Computes the addends of some rows. */
export const addendsOf = (rows: readonly Row[], size: number, voter: AdditiveVoter): Addends => {
  const base = new Float64Array(rows.length * size);
  const adds = new Float64Array(rows.length * size * size);
  rows.forEach((row, at) => {
    row.keys.forEach((key, answer) => {
      base[at * size + answer] = voter.unitsAtStart(key);
      row.outcomes.forEach((outcome, model) => {
        if (outcome.status === 'answered')
          adds[(at * size + model) * size + answer] = voter.unitsFor(outcome, key);
      });
    });
  });
  return { rows, base, adds };
};

/**
 * Counts the rows that a panel gets right if all members are asked at once. The sums give the result of an election;
 * `electOne` holds one for the rows in which answers tie.
 */
export const countRight = (
  { rows, base, adds }: Addends,
  members: readonly number[],
  size: number,
  electOne: (row: Row) => boolean,
): number => {
  let right = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at];
    if (row === undefined) continue;
    if (row.keys.length < 2) {
      if (row.isRight[0] && members.some((member) => row.answers[member] === 0)) right += 1;
      continue;
    }
    let leader = -1;
    let most = Number.NEGATIVE_INFINITY;
    let isTied = false;
    for (const voter of members) {
      const answer = row.answers[voter] ?? -1;
      if (answer === -1 || answer === leader) continue;
      let sum = base[at * size + answer] ?? 0;
      for (const member of members) sum += adds[(at * size + member) * size + answer] ?? 0;
      if (leader === -1 || sum > most) {
        isTied = false;
        leader = answer;
        most = sum;
      } else if (sum === most) isTied = true;
    }
    if (isTied ? electOne(row) : row.isRight[leader]) right += 1;
  }
  return right;
};
