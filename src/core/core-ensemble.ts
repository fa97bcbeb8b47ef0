import type { Observable } from 'rxjs';
import type { ConfigError } from '../domain/errors.ts';
import type { Execution, StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import type { Voter } from '../domain/voter.ts';

/** An answer that the core counts. */
export type Scalar = string | number | boolean;

/** Options of `createEnsemble` of `crucible-ensemble/core`. */
export interface CoreOptions<Answer extends Scalar = Scalar> {
  /** The panel: models with an `id` each. A policy is applied to a model: `retry()(model)`. */
  readonly models: readonly Model[];
  /** How an answer is read out of a text: a text, a number or a boolean, or `undefined` to abstain. */
  readonly normalization: Normalizer<Answer>;
  /** When models are asked. Default `parallel()`. */
  readonly execution?: Execution | undefined;
  /** How votes are counted. Default: the voter of the execution, otherwise `majority()`. */
  readonly strategy?: Voter | undefined;
  /** When to stop before all models have answered, besides the rule of the execution. Default never. */
  readonly earlyStop?: StopRule | undefined;
  /** The minimum number of votes, at least 1. Default: that of the execution, otherwise half of the panel, rounded up. */
  readonly minResponses?: number | undefined;
  /** The time limit of a call with all its attempts, in milliseconds, or `Infinity`. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** The time limit of a prediction, in milliseconds. The votes until then count. Default `Infinity`. */
  readonly deadlineMs?: number | undefined;
  /** The instructions for all questions. */
  readonly system?: string | undefined;
  /** Whether a response counts that was cut off, filtered or refused, or is empty. Default `false`: it abstains. */
  readonly acceptUnfinished?: boolean | undefined;
}

/** What may be given for one prediction. */
export interface CoreOverrides {
  /** Cancels the prediction: it ends with `CancelledError`, and the calls in flight are aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Handed through to the models, as `request.context`. */
  readonly context?: unknown;
}

/** An ensemble of the core. */
export interface CoreEnsemble<Answer extends Scalar = Scalar> {
  /**
   * Makes one prediction. Costs at most one call a model.
   *
   * @throws {NoPredictionError} with the account of every call, if no prediction is possible; {@link ConfigError} for a query
   * that is not a text.
   */
  predict(query: string, overrides?: CoreOverrides): Promise<Prediction<Answer>>;
  /** The same as a cold Observable: nothing is sent before `subscribe`, and `unsubscribe` cancels the calls in flight. */
  predict$(query: string, overrides?: CoreOverrides): Observable<Prediction<Answer>>;
  /** Makes a prediction, and emits deltas, responses, failures and each count as they happen, and finally the prediction. */
  stream(query: string, overrides?: CoreOverrides): Observable<StreamEvent<Answer>>;
}
