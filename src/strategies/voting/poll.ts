import { formOf } from '../../domain/answer-form.ts';
import type { Vote } from '../../domain/outcome.ts';
import { setOwn } from '../../domain/record.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { fromUnits, toUnits } from '../../domain/weight-units.ts';
import type { AdditiveVoter } from './additive-voter.ts';
import { conviction } from './conviction.ts';

/** An answer that has votes. */
export interface Candidate {
  readonly key: string;
  /** The next one in the order of first votes. */
  next: Candidate | undefined;
  /** In units. */
  weight: number;
  /** The vote for this answer with the most conviction. */
  spokesman: Vote;
  /** The count of its wordings, if it may have several. */
  wordings: Poll | undefined;
}

/** Whether `a` ranks before `b`. A total order in which one more vote never lowers a candidate. */
type RanksBefore = (a: Candidate, b: Candidate) => boolean;

/** By weight, then by the confidence of the spokesman, then by the spokesman's place in the panel. */
export const byWeight: RanksBefore = (a, b) =>
  (a.weight - b.weight || conviction(a.spokesman, b.spokesman)) > 0;

/** By the confidence of the spokesman, then by weight, then by the spokesman's place in the panel. */
export const byConfidence: RanksBefore = (a, b) => {
  const difference = (a.spokesman.confidence ?? -1) - (b.spokesman.confidence ?? -1);
  return difference > 0 || (difference === 0 && byWeight(a, b));
};

/**
 * A running count with its leader and its runner-up, at O(1) per vote. It is its own standing, which changes with each vote.
 *
 * A class, because every tally of every prediction reads it: a getter on a prototype costs nothing, a getter in an object
 * literal costs more than the whole count.
 */
export class Poll implements Standing {
  /** Linked in the order of first votes: of few answers, a Map takes four times the memory. */
  #first: Candidate | undefined;
  #last: Candidate | undefined;
  #answers = 0;
  /** Created when there are many answers, to find them at O(1). */
  #byKey: Map<string, Candidate> | undefined;
  readonly #ranksBefore: RanksBefore;
  #total = 0;
  #leader: Candidate | undefined;
  #second: Candidate | undefined;

  constructor(ranksBefore: RanksBefore) {
    this.#ranksBefore = ranksBefore;
  }

  /**
   * Counts one vote. Two comparisons are enough, because only this candidate can rise.
   *
   * @param wording counts votes by their wording instead of their key.
   */
  add(vote: Vote, weight: number, wording?: string): this {
    const units = toUnits(weight);
    const key = wording ?? vote.key;
    let candidate = this.candidateOf(key);
    if (candidate === undefined) {
      candidate = { key, next: undefined, weight: units, spokesman: vote, wordings: undefined };
      this.#enter(candidate);
    } else {
      candidate.weight += units;
      if (conviction(vote, candidate.spokesman) > 0) candidate.spokesman = vote;
    }
    const form = wording === undefined ? formOf(vote.answer) : undefined;
    if (form !== undefined) {
      candidate.wordings ??= new Poll(this.#ranksBefore);
      candidate.wordings.add(vote, weight, form.wording);
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

  #enter(candidate: Candidate): void {
    if (this.#last === undefined) this.#first = candidate;
    else this.#last.next = candidate;
    this.#last = candidate;
    this.#answers += 1;
    if (this.#byKey !== undefined) this.#byKey.set(candidate.key, candidate);
    else if (this.#answers > FEW)
      this.#byKey = new Map(Array.from(this.candidates, (each) => [each.key, each]));
  }

  /** The answers that have votes, in the order of their first ones. */
  protected get candidates(): Iterable<Candidate> {
    return linked(this.#first);
  }
  protected candidateOf(key: string): Candidate | undefined {
    if (this.#byKey !== undefined) return this.#byKey.get(key);
    let candidate = this.#first;
    while (candidate !== undefined && candidate.key !== key) candidate = candidate.next;
    return candidate;
  }
  protected get leader(): Candidate | undefined {
    return this.#leader;
  }
  /** The number of answers that have votes. */
  get answers(): number {
    return this.#answers;
  }
  get answer(): unknown {
    return this.leadingVote?.answer;
  }
  get leadingVote(): Vote | undefined {
    return this.#leader?.wordings?.leadingVote ?? this.#leader?.spokesman;
  }
  get confidence(): number | undefined {
    return this.#leader?.spokesman.confidence;
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
  /** Of the answer and of its wording, of which either may change. */
  get margin(): number {
    const margin = fromUnits((this.#leader?.weight ?? 0) - (this.#second?.weight ?? 0));
    return Math.min(margin, this.#leader?.wordings?.margin ?? margin);
  }
  /** The weight of each answer, in the order of their first votes. */
  get weights(): readonly number[] {
    const weights: number[] = [];
    for (let each = this.#first; each !== undefined; each = each.next) weights.push(fromUnits(each.weight));
    return weights;
  }
  get votes(): Record<string, number> {
    const votes: Record<string, number> = {};
    for (let each = this.#first; each !== undefined; each = each.next) {
      setOwn(votes, each.key, fromUnits(each.weight));
    }
    return votes;
  }
}

/** The answers that are found faster one by one than in a Map. */
const FEW = 8;

function* linked(first: Candidate | undefined): Generator<Candidate, void> {
  for (let each = first; each !== undefined; each = each.next) yield each;
}

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

/** A voter that counts in a poll; the answer with the most weight leads. */
export const weighingVoter = (
  name: string,
  weightOf: (vote: Vote) => number = () => 1,
  openPoll: () => Poll = () => new Poll(byWeight),
): AdditiveVoter<Poll> => ({
  ...pollVoter(name, openPoll, weightOf),
  unitsAtStart: () => 0,
  unitsFor: (vote, key) => (vote.key === key ? toUnits(weightOf(vote)) : 0),
});
