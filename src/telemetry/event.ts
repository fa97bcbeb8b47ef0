import type { CallRole } from '../domain/call-role.ts';
import type { ModelError } from '../domain/errors.ts';
import type { FinishReason, Usage } from '../domain/model.ts';
import type { NoPredictionError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Decision, Prediction, PredictionMetadata } from '../domain/prediction.ts';
import type { ProviderMetadata } from '../domain/provider-report.ts';
import type { Query } from '../domain/request.ts';
import type { Tally } from '../domain/tally.ts';
import type { ToolCall } from '../domain/tools.ts';

/** The properties that all events have. */
export interface PredictionEvent {
  /** The `name` of the ensemble. */
  readonly ensemble: string;
  /** The number of the prediction in this process, from 1. */
  readonly prediction: number;
  /** Time of the event in milliseconds, on a monotonic clock: for durations, not for dates. */
  readonly atMs: number;
  /** The `telemetryMetadata` of the prediction. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The properties that all events of a call have. */
export interface CallEvent extends PredictionEvent {
  readonly model: string;
  readonly provider?: string;
  readonly modelId?: string;
  /** The number of the call in its prediction, from 0, in the order of starting. */
  readonly call: number;
  /** What the call was for; absent for a call of a member of the panel. */
  readonly role?: CallRole;
  /** The number of the attempt in its call, from 1; higher if policies retry. */
  readonly attempt: number;
}

/** The properties of events that end an attempt: its duration and its cost. */
export interface CallEndEvent extends CallEvent {
  readonly durationMs: number;
  readonly costUsd: number | undefined;
  readonly costSource: Outcome['costSource'];
  /** Milliseconds from the start to the first piece of the answer, if the model streamed it. */
  readonly firstTokenMs?: number;
}

/** The properties of events that end a prediction: its duration and its cost. */
export interface PredictionEndEvent extends PredictionEvent {
  readonly durationMs: number;
  readonly costUsd: number | undefined;
  readonly costSource: PredictionMetadata['costSource'];
}

/**
 * An event of an ensemble. Prompts, answers and texts are in properties that are not enumerable, so they are not logged,
 * spread or written as JSON. A program can read them by name.
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
        | 'stoppedBy'
      > & {
        readonly type: 'predict:stop';
        /** The name of the grouping; absent without one. */
        readonly grouping?: string;
        /** Which decider decided, and how; absent without one. Its reason may quote answers, and is in `result`. */
        readonly decision?: Pick<Decision, 'by' | 'status'>;
        /** Not enumerable. */
        readonly result: Prediction;
      })
  | (PredictionEndEvent & { readonly type: 'predict:exception'; readonly error: NoPredictionError })
  /** The caller cancelled the prediction. */
  | (PredictionEndEvent & { readonly type: 'predict:cancel' })
  | (CallEvent & { readonly type: 'model:start' })
  | (CallEndEvent & {
      readonly type: 'model:stop';
      /** `answered` counts as a vote, `abstained` does not. */
      readonly status: 'answered' | 'abstained';
      readonly usage?: Usage;
      readonly finishReason?: FinishReason;
      readonly requestId?: string;
      /** The provider's id of the answer, and its name of the model that gave it. */
      readonly served?: ProviderMetadata;
      readonly confidence?: number;
      /** Whether the response came from a cache and therefore costs nothing. */
      readonly isCached: boolean;
      /** The text of the answer. Not enumerable. */
      readonly text: string;
      /** The reasoning before the answer, if the model shows it. Not enumerable. */
      readonly reasoning?: string | undefined;
      /** The calls of tools that the model made. Not enumerable. */
      readonly toolCalls?: readonly ToolCall[] | undefined;
    })
  | (CallEndEvent & {
      readonly type: 'model:exception';
      readonly error: ModelError;
      /** Milliseconds until the next attempt; `undefined` if this was the last. */
      readonly nextInMs?: number;
    })
  | (CallEndEvent & { readonly type: 'model:cancel' })
  /** The election has ended with these votes. */
  | (PredictionEvent &
      Pick<Tally, 'successes' | 'abstentions' | 'failures' | 'consensus'> & {
        readonly type: 'vote:complete';
        /** Number of different answers with votes. */
        readonly candidates: number;
      })
  /** The consensus is at least the threshold that was set. */
  | (PredictionEvent &
      Pick<PredictionMetadata, 'consensus' | 'stoppedBy'> & {
        readonly type: 'consensus:reached';
        readonly threshold: number;
      })
  /** The consensus is below the threshold that was set, or the voting strategy found no winner. */
  | (PredictionEvent &
      Pick<PredictionMetadata, 'consensus' | 'stoppedBy' | 'threshold'> & {
        readonly type: 'consensus:failed';
      });

/** An event of one type. */
export type EventOf<Type extends EnsembleEvent['type']> = Extract<EnsembleEvent, { readonly type: Type }>;
