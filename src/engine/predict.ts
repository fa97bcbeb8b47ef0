import type { Observable } from 'rxjs';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Conversation, Query } from '../domain/request.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import type { ToolCall } from '../domain/tools.ts';
import type { AnswerFor, NormalizerName } from '../normalizers/normalizers.ts';
import type { OverridesFor, PredictOverrides } from './ensemble-options.ts';

/** The forms in which an ensemble gives a prediction. */
export interface PredictionForms<Answer> {
  readonly promise: Promise<Prediction<Answer>>;
  readonly observable: Observable<Prediction<Answer>>;
  readonly stream: EventStream<Answer>;
}

/** A query with tools, whose answers are calls of them unless a normalization is given. */
export interface ToolQuery extends Conversation {
  readonly tools: NonNullable<Conversation['tools']>;
}

/** The answer to a {@link ToolQuery}. An ensemble whose answers are texts may be one without a normalization. */
export type AnswerWithTools<Answer> = string extends Answer ? Answer | readonly ToolCall[] : Answer;

/** Takes a query and returns a prediction. Overriding the normalization changes the type of the answer. */
export interface Predict<Answer, Form extends keyof PredictionForms<unknown>, Member = Model> {
  (
    query: ToolQuery,
    overrides?: OverridesFor<Answer, Member>,
  ): PredictionForms<AnswerWithTools<Answer>>[Form];
  (query: Query, overrides?: OverridesFor<Answer, Member>): PredictionForms<Answer>[Form];
  <const N extends NormalizerName>(
    query: Query,
    overrides: PredictOverrides<N, Member>,
  ): PredictionForms<AnswerFor<N>>[Form];
  <Other>(query: Query, overrides: PredictOverrides<Normalizer<Other>, Member>): PredictionForms<Other>[Form];
}

/** An Observable of events that is an async iterable as well. */
export type EventStream<Answer> = Observable<StreamEvent<Answer>> & AsyncIterable<StreamEvent<Answer>>;
