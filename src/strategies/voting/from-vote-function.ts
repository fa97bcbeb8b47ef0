import { calledAs } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import { inPanelOrder, type Vote } from '../../domain/outcome.ts';
import { ownName } from '../../domain/own-name.ts';
import type { VoteFunction, Voter } from '../../domain/voter.ts';

/** The votes so far, the last first. A list, because a copy of an array for each vote takes quadratic time. */
interface Cast {
  readonly vote: Vote;
  readonly before: Cast | undefined;
}

/** Makes a voter of a plain function, which receives all votes so far in the order of the panel. */
export const fromVoteFunction = (
  voteFunction: VoteFunction,
  panel: readonly string[],
): Voter<Cast | undefined> => ({
  name: ownName(voteFunction, 'strategy'),
  init: () => undefined,
  add: (before, vote) => ({ vote, before }),
  tally: (last) => calledAs(ownName(voteFunction, 'strategy'), () => voteFunction(inOrder(last), { panel })),
  [internal]: { undecidedBecause: 'a plain function reports no margin' },
});

/** Votes with the same place, such as those of hedges, stay in the order in which they were cast. */
const inOrder = (last: Cast | undefined): readonly Vote[] => {
  const votes: Vote[] = [];
  for (let cast = last; cast !== undefined; cast = cast.before) votes.push(cast.vote);
  return inPanelOrder(votes.reverse());
};
