import type { Vote } from '../../domain/outcome.ts';
import type { VoteFunction, Voter } from '../../domain/voter.ts';

/** A voter that hands all votes cast so far to a plain function, in the order of the panel. */
export const fromVoteFunction = (
  voteFunction: VoteFunction,
  panel: readonly string[],
): Voter<readonly Vote[]> => ({
  name: nameOf(voteFunction),
  init: () => [],
  add: (votes, vote) => [...votes, vote].sort((a, b) => a.index - b.index),
  tally: (votes) => voteFunction(votes, { panel }),
});

/** A function written in place is named after the option that it is the value of, which is no name. */
const nameOf = ({ name }: VoteFunction): string => (name === '' || name === 'strategy' ? 'custom' : name);
