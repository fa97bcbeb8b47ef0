import type { Vote } from '../../domain/outcome.ts';
import { toRecord } from '../../domain/record.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { fromUnits, toUnits } from '../../domain/weight-units.ts';
import type { AdditiveVoter } from './additive-voter.ts';
import { conviction } from './conviction.ts';

/** One answer that somebody voted for. */
interface Candidate {
  /** In units. */
  weight: number;
  /** The vote that speaks for this answer: its most confident one, the first of these in the panel. */
  spokesman: Vote;
}

/** Whether `a` ranks before `b`. Must be total, and a further vote may only ever improve a candidate. */
type RanksBefore = (a: Candidate, b: Candidate) => boolean;

/** More weight; then the more confident spokesman; then the spokesman who stands first in the panel. */
export const byWeight: RanksBefore = (a, b) =>
  (a.weight - b.weight || conviction(a.spokesman, b.spokesman)) > 0;

/** The more confident spokesman; then more weight; then the spokesman who stands first in the panel. */
export const byConfidence: RanksBefore = (a, b) => {
  const difference = (a.spokesman.confidence ?? -1) - (b.spokesman.confidence ?? -1);
  return difference > 0 || (difference === 0 && byWeight(a, b));
};

/**
 * A running count that knows its leader and its runner-up, at O(1) a vote, and is its own standing.
 *
 * A class, because every tally of every prediction reads it: a getter costs nothing on a prototype and
 * more than all the rest of the count in an object literal.
 */
export class Poll implements Standing {
  /** Made at the first vote: a prediction that waits has none. */
  #candidates: Map<string, Candidate> | undefined;
  readonly #ranksBefore: RanksBefore;
  #total = 0;
  #leader: Candidate | undefined;
  #second: Candidate | undefined;

  constructor(ranksBefore: RanksBefore) {
    this.#ranksBefore = ranksBefore;
  }

  /** Counts one vote. Only the candidate voted for can rise, so two comparisons are enough. */
  add(vote: Vote, weight: number): this {
    const units = toUnits(weight);
    this.#candidates ??= new Map();
    let candidate = this.#candidates.get(vote.key);
    if (candidate === undefined) {
      candidate = { weight: units, spokesman: vote };
      this.#candidates.set(vote.key, candidate);
    } else {
      candidate.weight += units;
      if (conviction(vote, candidate.spokesman) > 0) candidate.spokesman = vote;
    }
    this.#total += units;
    if (candidate === this.#leader) return this;
    if (this.#leader === undefined || this.#ranksBefore(candidate, this.#leader)) {
      this.#second = this.#leader;
      this.#leader = candidate;
    } else if (this.#second === undefined || this.#ranksBefore(candidate, this.#second)) {
      this.#second = candidate;
    }
    return this;
  }

  /** How many answers were voted for. */
  get answers(): number {
    return this.#candidates?.size ?? 0;
  }
  get answer(): unknown {
    return this.#leader?.spokesman.answer;
  }
  get leadingVote(): Vote | undefined {
    return this.#leader?.spokesman;
  }
  get consensus(): number {
    return this.#leader === undefined || this.#total === 0 ? 0 : this.#leader.weight / this.#total;
  }
  get lead(): number {
    return fromUnits(this.#leader?.weight ?? 0);
  }
  get runnerUp(): number {
    return fromUnits(this.#second?.weight ?? 0);
  }
  get total(): number {
    return fromUnits(this.#total);
  }
  get margin(): number {
    return fromUnits((this.#leader?.weight ?? 0) - (this.#second?.weight ?? 0));
  }
  /** The weight of each answer, in the order of their first votes. */
  get weights(): readonly number[] {
    const weights: number[] = [];
    this.#candidates?.forEach(({ weight }) => {
      weights.push(fromUnits(weight));
    });
    return weights;
  }
  get votes(): Record<string, number> {
    return toRecord(this.#candidates ?? nobody, ({ weight }) => fromUnits(weight));
  }
}

const nobody: ReadonlyMap<string, Candidate> = new Map();

/** A voter that counts in a poll. */
export const pollVoter = (
  name: string,
  openPoll: () => Poll,
  weightOf: (vote: Vote) => number = () => 1,
): Voter<Poll> => ({
  name,
  init: openPoll,
  add: (poll, vote) => poll.add(vote, weightOf(vote)),
  tally: (poll) => poll,
});

/** A voter that counts in a poll whose leader has the most weight. */
export const weighingVoter = (
  name: string,
  weightOf: (vote: Vote) => number = () => 1,
  openPoll: () => Poll = () => new Poll(byWeight),
): AdditiveVoter<Poll> => ({
  ...pollVoter(name, openPoll, weightOf),
  unitsAtStart: () => 0,
  unitsFor: (vote, key) => (vote.key === key ? toUnits(weightOf(vote)) : 0),
});
