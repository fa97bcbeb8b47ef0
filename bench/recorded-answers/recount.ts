import type { LabelledBallot } from '../../src/experiment/experiment.ts';
import { type Answered, answerKey, type Tally, type Voter } from '../../src/index.ts';
import { Election } from '../../src/strategies/voting/election.ts';

/** What a voter makes of a recorded ballot, and whether that is right. */
export interface Recounted {
  readonly isRight: boolean;
  readonly tally: Tally;
}

const toVote = (model: string, index: number, key: string, confidence: number | undefined): Answered => ({
  status: 'answered',
  model,
  index,
  latencyMs: 0,
  costUsd: undefined,
  costSource: 'unknown',
  response: { text: key },
  answer: key,
  key,
  confidence,
});

/** Counts a recorded ballot with a voter, everybody heard in the order of the ballot. */
export const recount = (voter: Voter, { votes, rightKeys }: LabelledBallot): Recounted => {
  const election = new Election(voter);
  let index = 0;
  for (const [model, { key, confidence }] of votes) {
    if (key !== undefined) election.add(toVote(model, index, key, confidence));
    index += 1;
  }
  const tally = election.tally();
  return { isRight: tally.leader !== undefined && rightKeys.has(answerKey(tally.leader)), tally };
};
