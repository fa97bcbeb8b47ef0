import type { Vote } from '../../domain/outcome.ts';
import type { Voter } from '../../domain/voter.ts';

/**
 * A voter whose leader is the answer with the largest sum, ties aside. What a vote adds does not depend on the
 * other votes, so tuning can sum up thousands of panels without an election for each.
 */
export interface AdditiveVoter<State = unknown> extends Voter<State> {
  /** What an answer has before the first vote, in units. */
  unitsAtStart(key: string): number;
  /** What a vote adds to an answer, in units. */
  unitsFor(vote: Vote, key: string): number;
}

/** Whether a voter is additive. */
export const isAdditive = (voter: Voter): voter is AdditiveVoter => 'unitsFor' in voter;
