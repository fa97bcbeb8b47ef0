import type { LabelledBallot, UnlabelledBallot } from './labelled-ballot.ts';
import { leaderOf, weightsByKey } from './vote-counts.ts';

/** Labels ballots as if the answer with the most votes were right; in a tie, the first of them. */
export const labelledByMajority = (ballots: readonly UnlabelledBallot[]): LabelledBallot[] =>
  ballots.map(({ votes }, index) => {
    const leader = leaderOf(weightsByKey(votes, () => 1));
    return { id: `${index}`, votes, rightKeys: new Set(leader === undefined ? [] : [leader]) };
  });
