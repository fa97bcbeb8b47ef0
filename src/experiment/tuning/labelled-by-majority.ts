import type { LabelledBallot, UnlabelledBallot } from './labelled-ballot.ts';

/** Labels ballots as if the answer with the most votes were right; in a tie, the first of them. */
export const labelledByMajority = (ballots: readonly UnlabelledBallot[]): LabelledBallot[] =>
  ballots.map(({ votes }, index) => {
    const counts = new Map<string, number>();
    for (const { key } of votes.values()) {
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const most = Math.max(...counts.values());
    const [leader] = Array.from(counts).find(([, count]) => count === most) ?? [];
    return { id: `${index}`, votes, rightKeys: new Set(leader === undefined ? [] : [leader]) };
  });
