/** The vote of one model on a question. */
export interface RecordedVote {
  /** The key of the answer; `undefined` if the model abstained or failed. */
  readonly key: string | undefined;
  /**
   * Whether the call failed because of an outage, so the model's answer is unknown. Default `false`: no vote is an
   * abstention.
   */
  readonly hasFailed?: boolean;
  /** The model's confidence, 0..1, if it gave a valid one. */
  readonly confidence?: number;
  /** The cost of the call, in USD, if known. */
  readonly costUsd?: number;
  /** The latency of the call, in milliseconds, if known. */
  readonly latencyMs?: number;
}

/** The votes on a question, with or without a known right answer. */
export type UnlabelledBallot = Pick<LabelledBallot, 'votes'>;

/** The votes on a question with a known right answer. */
export interface LabelledBallot {
  /** The id of the question. */
  readonly id: string;
  /** The keys of right answers. Keys without a vote may be left out, so the set may be empty. */
  readonly rightKeys: ReadonlySet<string>;
  /** The vote of each model, by its id. */
  readonly votes: ReadonlyMap<string, RecordedVote>;
  /** The group of the question in reports. */
  readonly category?: string;
}
