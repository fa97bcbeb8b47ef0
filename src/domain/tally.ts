import type { FieldStandings } from './field-standing.ts';
import type { Group } from './grouping.ts';
import type { Outcome, Vote } from './outcome.ts';

/** The count after an outcome. It does not change when further votes are cast. */
export interface Tally<Answer = unknown> {
  /** The latest outcome; `undefined` before the first. */
  readonly outcome: Outcome<Answer> | undefined;
  /** The leading answer; `undefined` if no answer leads. */
  readonly leader: Answer | undefined;
  /** The vote that represents the leader: its text is the text of the prediction. */
  readonly leadingVote: Vote<Answer> | undefined;
  /** The share of the votes that are for the leader, from 0 to 1; by weight if votes have weights. */
  readonly consensus: number;
  /** The highest confidence among the votes for the leader, from 0 to 1; `undefined` if none of them has one. */
  readonly confidence: number | undefined;
  /** The votes per answer; their weight if votes have weights. */
  readonly votes: Readonly<Record<string, number>>;
  /** The groups of the votes, the largest first; absent without a grouping. */
  readonly groups?: readonly Group<Answer>[] | undefined;
  /** What was said of each field; absent unless fields are voted on separately. */
  readonly fields?: FieldStandings | undefined;
  /** The votes for the leader and for the second answer. */
  readonly lead: number;
  readonly runnerUp: number;
  /** All votes; their weight if votes have weights. */
  readonly total: number;
  /** The votes that another answer must gain to change the result. */
  readonly margin: number;
  /** The maximum number of votes that the calls in flight or not yet started can add to one answer. */
  readonly open: number;
  /** How many calls voted, abstained, failed and have no outcome yet. */
  readonly successes: number;
  readonly abstentions: number;
  readonly failures: number;
  readonly pending: number;
}
