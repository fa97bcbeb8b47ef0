import type { ModelError } from './errors.ts';
import type { ConfidenceSource, ModelResponse } from './model.ts';

/** A try within a call that was not its last: it failed, and was made again, or another model was asked. */
export interface Attempt extends Pick<CallAccount, 'model' | 'latencyMs' | 'costUsd' | 'costSource'> {
  readonly error: ModelError;
  /** How long until the next attempt, in milliseconds. */
  readonly nextInMs: number;
}

/** What one call took and cost. */
export interface CallAccount {
  /** The id of the model that was asked. */
  readonly model: string;
  /** The model's place in the panel, from 0. */
  readonly index: number;
  /** From subscription to settlement, in milliseconds. */
  readonly latencyMs: number;
  /** From subscription to the first piece of the answer, in milliseconds, where the model streamed it. */
  readonly firstTokenMs?: number;
  /** What the call cost, in USD, all attempts together; `undefined` where nobody knows, which is not 0. */
  readonly costUsd: number | undefined;
  /**
   * `reported` by the model or priced by the tokens that it reported; `estimated` from the texts; `partial`
   * where the cost of an attempt is not known and left out.
   */
  readonly costSource: 'reported' | 'estimated' | 'partial' | 'unknown';
  /** The attempts before the last, where policies made several, in their order. */
  readonly attempts?: readonly Attempt[];
  /** Whether the price is that of a similar model, since the one of this model is not known. */
  readonly isPriceApproximate?: boolean;
}

/** The model answered and the normalizer found an answer in it: a vote. */
export interface Answered<Answer = unknown> extends CallAccount {
  readonly status: 'answered';
  readonly response: ModelResponse;
  /** The answer, normalized. */
  readonly answer: Answer;
  /** The key under which the answer is counted. */
  readonly key: string;
  /** The model's confidence, 0..1, where it gave one that can be believed. */
  readonly confidence: number | undefined;
  /** Where that confidence comes from, where the model says so. */
  readonly confidenceSource?: ConfidenceSource;
  /** What was wrong with the response although it counts, such as a confidence of 7. */
  readonly warning?: string;
}

/** The model answered, but without a usable answer. */
export interface Abstained extends CallAccount {
  readonly status: 'abstained';
  readonly response: ModelResponse;
  /** Why the response is no vote. */
  readonly reason: string;
}

/** The call failed. */
export interface Failed extends CallAccount {
  readonly status: 'failed';
  readonly error: ModelError;
}

/** The call was still out when the election ended, and was aborted. */
export interface Cancelled extends CallAccount {
  readonly status: 'cancelled';
}

/** What became of one call, as a value. A schedule never sees `cancelled`; the prediction's account does. */
export type Outcome<Answer = unknown> = Answered<Answer> | Abstained | Failed | Cancelled;

/** An outcome that counts in the election: a voter is given nothing else. */
export type Vote<Answer = unknown> = Answered<Answer>;
