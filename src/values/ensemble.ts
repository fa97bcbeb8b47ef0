import type { Observable } from 'rxjs';
import type { Model } from '../domain/model.ts';
import type { NoPredictionError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import type { OverridesFor } from '../engine/ensemble-options.ts';
import type { AnswerWithTools, Predict, ToolQuery } from '../engine/predict.ts';
import type { OnError, PredictManyOptions } from '../operators/predict-one.ts';
import type { EnsembleEvent } from '../telemetry/event.ts';

/**
 * Models, an execution, a voting strategy and a normalizer, ready for questions. `Member` is the type of the members in an
 * override of `models`.
 */
export interface Ensemble<Answer = unknown, Member = Model> {
  /**
   * Makes one prediction.
   *
   * @throws {ConfigError} for invalid overrides; {@link NoPredictionError} and its kinds, with the account of every
   * call, if no prediction is possible.
   */
  predict: Predict<Answer, 'promise', Member>;
  /** The same as a cold Observable: nothing is sent before `subscribe`, and `unsubscribe` cancels the calls in flight. */
  predict$: Predict<Answer, 'observable', Member>;
  /**
   * Makes a prediction and emits every delta, response, failure and change of the count as it happens, and finally the
   * prediction.
   */
  stream: Predict<Answer, 'stream', Member>;
  /**
   * Makes a prediction for each of many queries, several at a time. A query is read from its source only while fewer than
   * `concurrency` predictions are in flight or wait to be read, so a source of any size takes the same memory.
   *
   * A query without a prediction does not end the others: its error is yielded instead of a prediction, unless `onError`
   * returns another value. An invalid query is an `InvalidQueryError`.
   *
   * @throws {ConfigError} for invalid options. The iteration throws `CancelledError` when `signal` aborts, what the source
   * of the queries throws, and with `onError: 'throw'` the first error.
   */
  predictAll: PredictAll<Answer, Member>;
  /**
   * This ensemble as a model, such as a member of another or a jury: its answer is its text, its consensus its confidence.
   * The judge and the other deciders read an answer in their own way. Then its members vote on that.
   */
  asModel(id?: string): Model;
  /**
   * The events of every prediction that begins after the subscription; never completes. Costs nothing without a
   * subscriber. An error that a subscriber throws is uncaught, as with every Observable; `attachHandlers` catches it.
   */
  readonly events$: Observable<EnsembleEvent>;
}

/** Makes a prediction for each of many queries. If all of them have tools, the answers may be calls of them. */
export type PredictAll<Answer, Member = Model> = PredictEach<ToolQuery, AnswerWithTools<Answer>, Member> &
  PredictEach<Query, Answer, Member>;

/** Makes a prediction for each of many queries. The option `onError` decides what replaces a missing prediction. */
export interface PredictEach<Asked, Answer, Member, Overrides = OverridesFor<Answer, Member>> {
  <Replacement>(
    queries: Iterable<Asked> | AsyncIterable<Asked>,
    options: PredictManyOptions<Replacement> & { readonly onError: OnError<Replacement> } & Overrides,
  ): AsyncIterable<Prediction<Answer> | Exclude<Replacement, undefined>>;
  (
    queries: Iterable<Asked> | AsyncIterable<Asked>,
    options: PredictManyOptions & { readonly onError: 'throw' } & Overrides,
  ): AsyncIterable<Prediction<Answer>>;
  <Replacement = never>(
    queries: Iterable<Asked> | AsyncIterable<Asked>,
    options?: PredictManyOptions<Replacement> & Overrides,
  ): AsyncIterable<Prediction<Answer> | NoPredictionError | Exclude<Replacement, undefined>>;
}
