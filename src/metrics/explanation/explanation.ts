import type { PredictionMetadata } from '../../domain/prediction.ts';
import type { Contribution } from './contribution.ts';
import type { Flip } from './pivotal-votes.ts';
import type { RunnerUp } from './runner-up.ts';

/** Why an answer won. Every answer in it is the key under which it was counted. */
export interface Explanation {
  /** The answer that won, and its votes, by weight where votes have weights, where the count has them. */
  readonly winner: { readonly key: string; readonly votes: number | undefined };
  /** The answer that would have won without the supporters of the winner, where there is one. */
  readonly runnerUp: RunnerUp | undefined;
  /** The winner's votes less the runner-up's; below 0 where votes are not what the strategy goes by. */
  readonly margin: number | undefined;
  /** What each call did for the winner, in the order of the panel. */
  readonly contributions: readonly Contribution[];
  /** The votes that decide the result each by itself; `undefined` where that is not known. */
  readonly pivotal: readonly Flip[] | undefined;
  /** The members that could not take part, as in the prediction. */
  readonly missing: PredictionMetadata['missing'];
  /** How many calls of the panel were never made, since enough had been heard. */
  readonly neverAsked: number;
  /** Why the votes could not be counted again, which leaves what rests on it `undefined`. */
  readonly notRecounted: string | undefined;
  /** All of it in plain sentences, one a line. */
  readonly text: string;
  /** The text. */
  toString(): string;
}
