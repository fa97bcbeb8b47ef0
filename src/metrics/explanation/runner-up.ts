import { answerKey } from '../../domain/answer-key.ts';
import { type Contribution, sideOf } from './contribution.ts';
import { type Rival, switchedTo } from './pivotal-votes.ts';
import { type CountedPrediction, winnerOf } from './recount.ts';

/** The answer that would have won without the winner's supporters. */
export interface RunnerUp {
  /** The key of the answer, as votes are counted. */
  readonly key: string;
  /** Votes for it, by weight if votes have weights. */
  readonly votes: number;
  /**
   * The number of the winner's supporters that would have to switch for it to win, those with the most support first.
   * `undefined` if that is not known, or if all of them are not enough.
   */
  readonly switchesNeeded: number | undefined;
}

/** Finds the answer behind the winner, in the form that a vote for it has. */
export const findRival = (
  { prediction: { answer, metadata }, votes, recount }: CountedPrediction,
  contributions: readonly Contribution[],
): Rival | undefined => {
  const winner = answerKey(answer);
  const supporters = new Set(
    contributions.filter(({ stance }) => stance === 'for').map(({ index }) => index),
  );
  const others = votes.filter(({ index }) => !supporters.has(index));
  if (recount !== undefined) {
    const { leader } = recount(others);
    const key = leader === undefined ? undefined : answerKey(leader);
    return key === undefined || key === winner ? undefined : { answer: leader, key };
  }
  const [next] = others.toSorted((a, b) => (metadata.votes[b.key] ?? 0) - (metadata.votes[a.key] ?? 0));
  return next;
};

/** See {@link RunnerUp}. */
export const switchesNeeded = (
  rival: Rival,
  { votes, recount }: CountedPrediction,
  contributions: readonly Contribution[],
): number | undefined => {
  if (recount === undefined) return undefined;
  const supporters = contributions
    .filter(({ stance }) => stance === 'for' || stance === 'partly')
    .toSorted((a, b) => (b.support ?? 0) - (a.support ?? 0) || (b.confidence ?? -1) - (a.confidence ?? -1));
  let changed = votes;
  for (const [count, { index }] of supporters.entries()) {
    changed = changed.map((vote) => (vote.index === index ? switchedTo(rival, vote) : vote));
    if (winnerOf(recount(changed)) === rival.key) return count + 1;
  }
  return undefined;
};

/** The standing of the runner-up. */
export const runnerUpOf = (rival: Rival, counted: CountedPrediction): Pick<RunnerUp, 'key' | 'votes'> => ({
  key: rival.key,
  votes: sideOf(rival.answer, counted).total ?? 0,
});
