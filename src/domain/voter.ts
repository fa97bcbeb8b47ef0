import type { Observable } from 'rxjs';
import type { FieldStandings } from './field-standing.ts';
import type { Group, GroupingContext, RefiningContext } from './grouping.ts';
import { internal } from './internal.ts';
import type { Outcome, Vote } from './outcome.ts';
import type { ModelRequest } from './request.ts';

/** The result of the votes so far, as a voter sees it. */
export interface Standing<Answer = unknown> {
  /** The leading answer; `undefined` if there is no winner (yet). */
  readonly answer: Answer | undefined;
  /** The share of the votes that are for it, from 0 to 1. */
  readonly consensus: number;
  /** The votes per answer, under the keys of the votes. */
  readonly votes: Readonly<Record<string, number>>;
  /** The vote that represents the answer. Default: the most confident vote with its key. */
  readonly leadingVote?: Vote<Answer> | undefined;
  /** The highest confidence among the votes for the answer. Default: that of `leadingVote`. */
  readonly confidence?: number | undefined;
  /** The votes for the answer and for the second answer. Default: read from `votes`. */
  readonly lead?: number;
  readonly runnerUp?: number;
  /** All votes. Default: the sum of `votes`. */
  readonly total?: number;
  /** The votes that another answer must gain to change the result. Default 0: any vote may change it. */
  readonly margin?: number;
  /** The groups of the votes, if a grouping joins answers. Each is for one answer of `votes`. */
  readonly groups?: readonly Group[] | undefined;
  /** What was said of each field, if fields are voted on separately. */
  readonly fields?: FieldStandings | undefined;
}

/** What is known of a voter of the library besides its counts. */
export interface VoterTraits {
  /** The consensus that it requires, from 0 to 1. */
  readonly threshold?: number;
  /** Whether it counts as another voter does if no vote has a confidence. */
  readonly usesConfidence?: boolean;
  /** Why its results are never decided before the last vote. */
  readonly undecidedBecause?: string;
  /** Returns what to do if votes have no winner, to be said with it. */
  hintOf?(votes: Standing['votes'], outcomes: readonly Outcome[]): string | undefined;
  /** Whether a vote for `null` counts as one for an empty answer, such as a set without elements. */
  readonly countsNull?: boolean;
  /**
   * Returns what a user should know of a result, one sentence each.
   *
   * @param standings what was said of the fields; of each row, if a list has rows.
   * @param path the names before those of the fields, each with a dot.
   * @param owner what has the fields.
   */
  warningsOf?(standings: readonly FieldStandings[], path?: string, owner?: string): readonly string[];
  /**
   * Refines a state, once, after the last call: the next tally is the last one. It may make calls and take time. Stop rules
   * see tallies without it.
   */
  refine?(state: unknown, context: RefiningWith): Observable<unknown>;
}

/** What a voter may use to refine a state. */
export type RefiningWith = Omit<RefiningContext, keyof GroupingContext>;

/**
 * A voting strategy as a fold over the votes. The engine counts abstentions, failures and calls without an outcome; a voter
 * receives only votes.
 *
 * `init` creates a new state for each prediction, so `add` may change it in place.
 */
export interface Voter<State = unknown> {
  /** Names the strategy in `metadata.strategy`. */
  readonly name: string;
  /** @param query the request that is voted on; absent outside of an ensemble. */
  init(query?: ModelRequest): State;
  /** Counts one vote. Should be O(1), because a vote may have a million members. */
  add(state: State, vote: Vote): State;
  /**
   * Makes the standing. `pending` is the number of calls without an outcome: no more votes than that can follow. It is
   * `Infinity` if the panel is not known. `missing` is the number of calls that failed or abstained.
   */
  tally(state: State, pending?: number, missing?: number): Standing;
  /**
   * The most that the vote of a model can add to an answer. Default 1; if votes have added more without it, no result
   * counts as decided.
   */
  ceiling?(model: string): number;
  /** @internal */
  readonly [internal]?: VoterTraits;
  /** Returns the faults of this voter for a panel of these models, one sentence each. */
  faults?(panel: readonly string[]): readonly string[];
}

/** A voting strategy as a plain function of all votes so far. */
export type VoteFunction<Answer = unknown> = (
  votes: readonly Vote<Answer>[],
  options: { readonly panel: readonly string[] },
) => Pick<Standing, 'answer' | 'consensus' | 'votes'>;
