import type { Vote } from '../../outcome.ts';
import type { Standing } from '../../voter.ts';

/** Weights are summed in billionths, as whole numbers, so that a sum is the same in every order of votes. */
const UNIT = 1e9;

/** One answer that somebody voted for. */
export interface Candidate {
  readonly key: string;
  /** In billionths. */
  weight: number;
  /** The vote that speaks for this answer: its most confident one, the first of these in the panel. */
  spokesman: Vote;
}

/** A running count that knows its leader and its runner-up, at O(1) a vote. */
export interface Poll {
  readonly candidates: Map<string, Candidate>;
  /** In billionths. */
  total: number;
  leader: Candidate | undefined;
  runnerUp: Candidate | undefined;
}

/** Whether `a` ranks before `b`. Must be total, and a further vote may only ever improve a candidate. */
export type RanksBefore = (a: Candidate, b: Candidate) => boolean;

export const createPoll = (): Poll => ({
  candidates: new Map(),
  total: 0,
  leader: undefined,
  runnerUp: undefined,
});

/** Above 0 where `a` is the more confident vote, or as confident and before `b` in the panel. No confidence ranks below any. */
const conviction = (a: Vote, b: Vote): number =>
  (a.confidence ?? -1) - (b.confidence ?? -1) || b.index - a.index;

/** More weight; then the more confident spokesman; then the spokesman who stands first in the panel. */
export const byWeight: RanksBefore = (a, b) =>
  (a.weight - b.weight || conviction(a.spokesman, b.spokesman)) > 0;

/** The more confident spokesman; then more weight; then the spokesman who stands first in the panel. */
export const byConfidence: RanksBefore = (a, b) =>
  ((a.spokesman.confidence ?? -1) - (b.spokesman.confidence ?? -1) || (byWeight(a, b) ? 1 : -1)) > 0;

/** Counts one vote, in place. Only the candidate voted for can rise, so two comparisons are enough. */
export const addVote = (poll: Poll, vote: Vote, weight: number, ranksBefore: RanksBefore): Poll => {
  const units = Math.round(weight * UNIT);
  let candidate = poll.candidates.get(vote.key);
  if (candidate === undefined) {
    candidate = { key: vote.key, weight: units, spokesman: vote };
    poll.candidates.set(vote.key, candidate);
  } else {
    candidate.weight += units;
    if (conviction(vote, candidate.spokesman) > 0) candidate.spokesman = vote;
  }
  poll.total += units;
  if (candidate === poll.leader) return poll;
  if (poll.leader === undefined || ranksBefore(candidate, poll.leader)) {
    poll.runnerUp = poll.leader;
    poll.leader = candidate;
  } else if (poll.runnerUp === undefined || ranksBefore(candidate, poll.runnerUp)) {
    poll.runnerUp = candidate;
  }
  return poll;
};

/** The standing of a poll with this winner, whose result `margin` further votes for another would change. */
export const standingOf = (poll: Poll, winner: Candidate | undefined, margin: number): Standing => ({
  answer: winner?.spokesman.answer,
  leadingVote: winner?.spokesman,
  consensus: poll.leader === undefined || poll.total === 0 ? 0 : poll.leader.weight / poll.total,
  lead: (poll.leader?.weight ?? 0) / UNIT,
  runnerUp: (poll.runnerUp?.weight ?? 0) / UNIT,
  total: poll.total / UNIT,
  margin,
  get votes() {
    return Object.fromEntries(
      Array.from(poll.candidates.values(), ({ key, weight }) => [key, weight / UNIT]),
    );
  },
});

/** The standing of a poll that its leader wins, as long as its lead lasts. */
export const standingByLead = (poll: Poll): Standing =>
  standingOf(poll, poll.leader, ((poll.leader?.weight ?? 0) - (poll.runnerUp?.weight ?? 0)) / UNIT);
