import { answerKey } from '../../domain/answer-key.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Tally } from '../../domain/tally.ts';
import type { Voter } from '../../domain/voter.ts';
import { Election } from '../../strategies/voting/election.ts';

/** Counts a set of votes, which may differ from the votes received. */
export type Recount = (votes: readonly Vote[]) => Tally;

/** A prediction with its votes and, if its voter is known, a way to count them again. */
export interface CountedPrediction {
  readonly prediction: Prediction;
  readonly votes: readonly Vote[];
  readonly recount: Recount | undefined;
}

/** Counts votes as an election does, in the given order. */
export const recountWith =
  (voter: Voter): Recount =>
  (votes) => {
    const election = new Election(voter);
    for (const vote of votes) election.add(vote);
    return election.tally();
  };

/** The key of the answer that won a count; `undefined` if no answer won. */
export const winnerOf = ({ leader }: Tally): string | undefined =>
  leader === undefined ? undefined : answerKey(leader);
