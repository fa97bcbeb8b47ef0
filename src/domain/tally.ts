import type { Outcome, Vote } from './outcome.ts';

/** The state of an election after an outcome. A value: it stays what it was when further votes are cast. */
export interface Tally<Answer = unknown> {
  /** The outcome that led to this state; absent before the first. */
  readonly outcome: Outcome<Answer> | undefined;
  /** The answer in the lead; `undefined` while there is none. */
  readonly leader: Answer | undefined;
  /** The vote that speaks for the leader: what its side actually said. */
  readonly leadingVote: Vote<Answer> | undefined;
  /** The share of the cast votes that stand behind the leader, 0..1, by weight where votes have weights. */
  readonly consensus: number;
  /** The highest confidence among the votes for the leader, 0..1, where any of them gave one. */
  readonly confidence: number | undefined;
  /** Votes per answer, by weight where votes have weights. */
  readonly votes: Readonly<Record<string, number>>;
  /** Votes for the leader, and for the answer behind it. */
  readonly lead: number;
  readonly runnerUp: number;
  /** All votes cast, by weight where votes have weights. */
  readonly total: number;
  /** How many votes one other answer would have to gain to change the result. */
  readonly margin: number;
  /** The most votes that the calls still out can add to one answer. */
  readonly open: number;
  /** How many outcomes were votes, abstentions and failures, and how many calls are still to be heard. */
  readonly successes: number;
  readonly abstentions: number;
  readonly failures: number;
  readonly pending: number;
}
