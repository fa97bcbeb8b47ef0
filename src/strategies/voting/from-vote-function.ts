import { readSafely } from '../../domain/foreign.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { VoteFunction, Voter } from '../../domain/voter.ts';

/** Makes a voter of a plain function, which receives all votes so far in the order of the panel. */
export const fromVoteFunction = (
  voteFunction: VoteFunction,
  panel: readonly string[],
): Voter<readonly Vote[]> => ({
  name: nameOf(voteFunction),
  init: () => [],
  add: (votes, vote) => [...votes, vote].sort((a, b) => a.index - b.index),
  tally: (votes) => voteFunction(votes, { panel }),
});

/** A function written in place has the name of its option, `strategy`, or none. */
const nameOf = (voteFunction: VoteFunction): string => {
  const name = readSafely(voteFunction, 'name');
  return typeof name !== 'string' || name === '' || name === 'strategy' ? 'custom' : name;
};
