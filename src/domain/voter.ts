import type { Vote } from './outcome.ts';

/** What a voter makes of the votes cast so far. */
export interface Standing<Answer = unknown> {
  /** The answer in the lead; `undefined` where there is no winner (yet). */
  readonly answer: Answer | undefined;
  /** The share of the votes that stand behind it, 0..1. */
  readonly consensus: number;
  /** Votes per answer, keyed as the votes themselves are. */
  readonly votes: Readonly<Record<string, number>>;
  /** The vote that speaks for the answer; found by its key where left out. */
  readonly leadingVote?: Vote<Answer> | undefined;
  /** The highest confidence behind the answer; that of `leadingVote` where left out. */
  readonly confidence?: number | undefined;
  /** Votes for the answer and for the one behind it; read from `votes` where left out. */
  readonly lead?: number;
  readonly runnerUp?: number;
  /** All votes; the sum of `votes` where left out. */
  readonly total?: number;
  /** How many votes one other answer would have to gain to change the result; 0 (any may) where left out. */
  readonly margin?: number;
}

/**
 * A voting strategy as a fold over the votes. Abstentions, failures and calls still out are counted by
 * the election itself; a voter sees votes alone.
 *
 * `init` makes a fresh state for each election, so `add` may change it in place.
 */
export interface Voter<State = unknown> {
  /** Names the strategy in `metadata.strategy`. */
  readonly name: string;
  init(): State;
  /** Counts one vote. Keep it O(1): an election may have a million. */
  add(state: State, vote: Vote): State;
  tally(state: State): Standing;
  /** The most that one model's vote can add to an answer; 1 where left out. */
  ceiling?(model: string): number;
  /** What is wrong with this voter for a panel of these models, one sentence a fault. */
  faults?(panel: readonly string[]): readonly string[];
}

/** A voting strategy as a plain function of all votes cast so far. */
export type VoteFunction<Answer = unknown> = (
  votes: readonly Vote<Answer>[],
  options: { readonly panel: readonly string[] },
) => Pick<Standing, 'answer' | 'consensus' | 'votes'>;
