import type { LabelledBallot, RecordedVote, UnlabelledBallot } from './labelled-ballot.ts';

/** Returns the models in ballots, in the order of their first votes. */
export const modelsIn = (ballots: readonly UnlabelledBallot[]): string[] => [
  ...new Set(ballots.flatMap(({ votes }) => [...votes.keys()])),
];

/** The number of votes of a model, abstentions left out, and how many of them are right. */
export interface VoteCount {
  votes: number;
  right: number;
}

/** Counts the votes of each model. A vote is right with a probability: 1 or 0 if the right answer is known. */
export const voteCounts = <Ballot extends UnlabelledBallot>(
  ballots: readonly Ballot[],
  probability: (key: string, ballot: Ballot, index: number) => number,
): ReadonlyMap<string, VoteCount> => {
  const counts = new Map<string, VoteCount>();
  for (const [index, ballot] of ballots.entries()) {
    for (const [model, { key }] of ballot.votes) {
      const count = counts.get(model) ?? { votes: 0, right: 0 };
      counts.set(model, count);
      if (key === undefined) continue;
      count.votes += 1;
      count.right += probability(key, ballot, index);
    }
  }
  return counts;
};

/** The probability that an answer to a labelled ballot is right: 1 or 0. */
export const isRightKey = (key: string, { rightKeys }: LabelledBallot): number =>
  rightKeys.has(key) ? 1 : 0;

/** Sums the weights of the votes for each answer, in the order of the first votes. */
export const weightsByKey = (
  votes: LabelledBallot['votes'],
  weightOf: (vote: RecordedVote, model: string) => number,
): Map<string, number> => {
  const weights = new Map<string, number>();
  for (const [model, vote] of votes) {
    if (vote.key !== undefined) weights.set(vote.key, (weights.get(vote.key) ?? 0) + weightOf(vote, model));
  }
  return weights;
};

/** Returns the answer with the most weight, the first of several; `undefined` without votes. */
export const leaderOf = (weights: ReadonlyMap<string, number>): string | undefined => {
  const most = Math.max(...weights.values());
  return Array.from(weights).find(([, weight]) => weight === most)?.[0];
};

/** Labels ballots as if the answer with the most votes were right; in a tie, the first of them. */
export const labelledByMajority = (ballots: readonly UnlabelledBallot[]): LabelledBallot[] =>
  ballots.map(({ votes }, index) => {
    const leader = leaderOf(weightsByKey(votes, () => 1));
    return { id: `${index}`, votes, rightKeys: new Set(leader === undefined ? [] : [leader]) };
  });

/** Divides counts by their sum. */
export const sharesIn = (counts: readonly number[]): number[] => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
};
