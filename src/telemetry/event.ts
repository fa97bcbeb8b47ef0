import type { ModelError } from '../domain/errors.ts';
import type { FinishReason, Usage } from '../domain/model.ts';
import type { NoPredictionError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction, PredictionMetadata } from '../domain/prediction.ts';
import type { ProviderMetadata } from '../domain/provider-report.ts';
import type { Query } from '../domain/request.ts';
import type { Tally } from '../domain/tally.ts';

/** The properties that all events have. */
export interface PredictionEvent {
  /** The `name` of the ensemble. */
  readonly ensemble: string;
  /** Which prediction of the process it belongs to, from 1. */
  readonly prediction: number;
  /** When it happened, in milliseconds on a clock that is good for durations, not for dates. */
  readonly atMs: number;
  /** The `telemetryMetadata` of the prediction. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The properties that all events of a call have. */
export interface CallEvent extends PredictionEvent {
  readonly model: string;
  readonly provider?: string;
  readonly modelId?: string;
  /** Which call of its prediction it is, from 0, in the order of starting. */
  readonly call: number;
  /** Which attempt of this call it is, from 1, where policies make several. */
  readonly attempt: number;
}

/** The properties of events that end an attempt: its duration and its cost. */
export interface CallEndEvent extends CallEvent {
  readonly durationMs: number;
  readonly costUsd: number | undefined;
  readonly costSource: Outcome['costSource'];
  /** From the start to the first piece of the answer, where the model streamed it. */
  readonly firstTokenMs?: number;
}

/** The properties of events that end a prediction: its duration and its cost. */
export interface PredictionEndEvent extends PredictionEvent {
  readonly durationMs: number;
  readonly costUsd: number | undefined;
  readonly costSource: PredictionMetadata['costSource'];
}

/**
 * What happens in an ensemble, for those who watch it. Prompts, answers and texts are there for programs that ask
 * for them by name, in properties that are not enumerable: they are not logged, spread or written as JSON.
 */
export type EnsembleEvent =
  | (PredictionEvent & {
      readonly type: 'predict:start';
      readonly models: readonly string[];
      readonly strategy: string;
      readonly execution: string;
      /** Not enumerable. */
      readonly query: Query;
    })
  | (PredictionEndEvent &
      Pick<
        PredictionMetadata,
        | 'status'
        | 'consensus'
        | 'quorum'
        | 'confidence'
        | 'modelsUsed'
        | 'successes'
        | 'failures'
        | 'abstentions'
        | 'cancelled'
      > & {
        readonly type: 'predict:stop';
        /** Not enumerable. */
        readonly result: Prediction;
      })
  | (PredictionEndEvent & { readonly type: 'predict:exception'; readonly error: NoPredictionError })
  /** Whoever had asked has left before the prediction was made. */
  | (PredictionEndEvent & { readonly type: 'predict:cancel' })
  | (CallEvent & { readonly type: 'model:start' })
  | (CallEndEvent & {
      readonly type: 'model:stop';
      /** `answered` is a vote, `abstained` is none. */
      readonly status: 'answered' | 'abstained';
      readonly usage?: Usage;
      readonly finishReason?: FinishReason;
      readonly requestId?: string;
      /** What the provider calls the answer, and the model that gave it. */
      readonly served?: ProviderMetadata;
      readonly confidence?: number;
      /** Whether the response was paid for before. */
      readonly isCached: boolean;
      /** The text that was answered. Not enumerable. */
      readonly text: string;
    })
  | (CallEndEvent & {
      readonly type: 'model:exception';
      readonly error: ModelError;
      /** How long until the next attempt, in milliseconds, where there is one. */
      readonly nextInMs?: number;
    })
  | (CallEndEvent & { readonly type: 'model:cancel' })
  /** The election has ended: these votes decide. */
  | (PredictionEvent &
      Pick<Tally, 'successes' | 'abstentions' | 'failures' | 'consensus'> & {
        readonly type: 'vote:complete';
        /** How many different answers have votes. */
        readonly candidates: number;
      })
  | (PredictionEvent & { readonly type: 'consensus:reached'; readonly consensus: number })
  /** Enough votes were cast, and there is no winner in them. */
  | (PredictionEvent & { readonly type: 'consensus:failed'; readonly consensus: number });

/** An event of one type. */
export type EventOf<Type extends EnsembleEvent['type']> = Extract<EnsembleEvent, { readonly type: Type }>;
