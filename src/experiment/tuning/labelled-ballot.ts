/** What one model said to a question, as far as it counts. */
export interface RecordedVote {
  /** What the answer counts under; `undefined` where the model failed, or gave no usable answer. */
  readonly key: string | undefined;
  /** The model's confidence, 0..1, where it gave one that can be believed. */
  readonly confidence?: number;
  /** What the call cost, in USD, where it is known. */
  readonly costUsd?: number;
  /** From the start of the call to its end, in milliseconds, where it is known. */
  readonly latencyMs?: number;
}

/** The votes on a question, whether or not anybody knows the right answer. */
export type UnlabelledBallot = Pick<LabelledBallot, 'votes'>;

/** The votes on a question of which the right answer is known. */
export interface LabelledBallot {
  /** The id of the question. */
  readonly id: string;
  /** The keys that are right; a key that nobody voted for may be left out, so it may be empty. */
  readonly rightKeys: ReadonlySet<string>;
  /** What each model said, by its id. */
  readonly votes: ReadonlyMap<string, RecordedVote>;
  /** What the question is grouped by in reports. */
  readonly category?: string;
}
