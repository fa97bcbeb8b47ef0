import type { ObservableInput } from 'rxjs';
import type { Vote } from './outcome.ts';
import type { ModelRequest } from './request.ts';
import type { RoleCall } from './role-call.ts';

/** The votes that say the same, in panel order. The first one speaks for them: its answer is the answer of the group. */
export type Group<Answer = unknown> = readonly Vote<Answer>[];

/** What a grouping knows of the votes besides their answers. */
export interface GroupingContext {
  /** The text of the question, without the turns before it. Empty if it is not known. */
  readonly question: string;
  /** The request that the votes answer; absent outside of an ensemble. */
  readonly query?: ModelRequest | undefined;
}

/** What a grouping may use once all calls have ended. */
export interface RefiningContext extends GroupingContext {
  /** Makes a call whose cost is part of the prediction. */
  readonly call: RoleCall;
  /** Adds a warning to the prediction. */
  readonly warn: (warning: string) => void;
  /** Tells what the grouping did, as plain data: `refinement` in the metadata of the prediction. */
  readonly report: (details: Readonly<Record<string, unknown>>) => void;
}

/**
 * Which answers are the same vote, as a fold over the votes of one prediction. Votes with equal keys are always in one
 * group, so a grouping joins answers and never splits them. The order of arrival must not change the groups.
 */
export interface Grouping<State = unknown> {
  /** Names the grouping in `metadata.grouping`. */
  readonly name: string;
  /** Creates a new state for each prediction, so `add` may change it in place. */
  init(context: GroupingContext): State;
  /** Reads one vote. */
  add(state: State, vote: Vote): State;
  /** Returns the groups of the votes so far, each vote in one of them. Called for every tally that is read. */
  groups(state: State): readonly Group[];
  /**
   * Returns the final groups, once, after the last call. It may make calls and take time. Stop rules see the groups without
   * it. If it fails, the groups stay as they are, with a warning. Default: none.
   */
  refine?(state: State, context: RefiningContext): ObservableInput<readonly Group[]>;
}

/** A grouping as a plain function of all votes so far. */
export type GroupFunction<Answer = unknown> = (
  votes: readonly Vote<Answer>[],
  context: GroupingContext,
) => readonly Group<Answer>[];
