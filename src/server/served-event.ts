import type { Prediction } from '../domain/prediction.ts';
import type { Conversation } from '../domain/request.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import type { HttpError } from './request-refusal.ts';

/** A prediction that a client asked for. */
export interface ServedPrediction {
  /** The id of the request, which is also in the header `x-request-id` of its response. */
  readonly id: string;
  /** The name of the ensemble. */
  readonly ensemble: string;
  /** The name of the caller's key; absent without keys. */
  readonly caller?: string | undefined;
  /** The path of the route, such as `/v1/chat/completions`. */
  readonly route: string;
  readonly query: Conversation;
}

/**
 * What happens at the door of the ensembles. Each `begin` is followed by its events, if its response is a stream, and by one
 * `end`.
 */
export type ServedEvent =
  | { readonly type: 'begin'; readonly served: ServedPrediction; readonly startedAt: Date }
  | { readonly type: 'event'; readonly served: ServedPrediction; readonly event: StreamEvent }
  | {
      readonly type: 'end';
      readonly served: ServedPrediction;
      readonly latencyMs: number;
      readonly prediction?: Prediction;
      /** Why there is no prediction. */
      readonly failure?: HttpError;
      /** The error itself, with the account of the calls if it has one. */
      readonly error?: unknown;
    }
  | {
      /** The account of a prediction could not be kept, for example because a disk is full. */
      readonly type: 'fault';
      readonly served: ServedPrediction;
      readonly error: unknown;
    }
  | {
      /** A request for which no ensemble was asked. */
      readonly type: 'refusal';
      readonly id: string;
      readonly route: string;
      readonly caller?: string | undefined;
      readonly failure: HttpError;
      /** The error itself, which is what a failure with status 500 does not tell. */
      readonly error: unknown;
    };
