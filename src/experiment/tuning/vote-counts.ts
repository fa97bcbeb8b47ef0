import type { LabelledBallot, RecordedVote, UnlabelledBallot } from './labelled-ballot.ts';

/** Returns the models in ballots, in the order of their first votes. */
export const modelsIn = (ballots: readonly UnlabelledBallot[]): string[] => {
  const models = new Set<string>();
  for (const { votes } of ballots) for (const model of votes.keys()) models.add(model);
  return [...models];
};

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

/** Divides counts by their sum. */
export const sharesIn = (counts: readonly number[]): number[] => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
};
