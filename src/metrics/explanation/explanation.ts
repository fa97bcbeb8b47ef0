import type { PredictionMetadata } from '../../domain/prediction.ts';
import type { Contribution } from './contribution.ts';
import type { Flip } from './pivotal-votes.ts';
import type { RunnerUp } from './runner-up.ts';

/** The explanation of a prediction. Answers are given by the keys under which they were counted. */
export interface Explanation {
  /**
   * The answer that won and its votes, by weight if votes have weights; `undefined` if the count has no votes for it.
   */
  readonly winner: { readonly key: string; readonly votes: number | undefined };
  /** The answer that would have won without the winner's supporters, if there is one. */
  readonly runnerUp: RunnerUp | undefined;
  /** The winner's votes minus the runner-up's; below 0 if the strategy does not decide by the number of votes. */
  readonly margin: number | undefined;
  /** The contribution of each call of a member, in panel order. */
  readonly contributions: readonly Contribution[];
  /** The votes that decided the result alone; `undefined` if unknown. */
  readonly pivotal: readonly Flip[] | undefined;
  /** The missing members, as in the prediction. */
  readonly missing: PredictionMetadata['missing'];
  /** The number of the panel's calls that were never made, because enough votes had arrived. */
  readonly neverAsked: number;
  /** The reason why the votes could not be counted again, if so. The fields that need it are `undefined`. */
  readonly notRecounted: string | undefined;
  /** The explanation in plain sentences, one per line. */
  readonly text: string;
  /** Returns `text`. */
  toString(): string;
}
