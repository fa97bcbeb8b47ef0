import type { Observable } from 'rxjs';
import type { ModelError } from '../domain/errors.ts';
import type { Abstained, Answered, Attempt, Cancelled, Failed } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { StreamEvent } from '../domain/stream-event.ts';

/** Why a call failed, as the server writes it: a name such as `TimeoutError`, and a message without keys. */
export type RemoteFailure = Pick<ModelError, 'name' | 'message' | 'isRetryable'>;

/** A failed attempt as it arrives. */
export type RemoteAttempt = Omit<Attempt, 'error'> & { readonly error: RemoteFailure };

/** The result of one call as it arrives: with errors as values of JSON. */
export type RemoteOutcome<Answer = unknown> = (
  | Omit<Answered<Answer>, 'attempts'>
  | Omit<Abstained, 'attempts'>
  | Omit<Cancelled, 'attempts'>
  | (Omit<Failed, 'attempts' | 'error'> & { readonly error: RemoteFailure })
) & { readonly attempts?: readonly RemoteAttempt[] };

/**
 * A prediction as it arrives: without the question, and with values of JSON. Each `Prediction` of an ensemble fits this type, so
 * that a component takes both.
 */
export interface RemotePrediction<Answer = unknown>
  extends Omit<Prediction<Answer>, 'query' | 'system' | 'outcomes'> {
  /** The outcome of every call that was started, in panel order. */
  readonly outcomes: readonly RemoteOutcome<Answer>[];
  /** Why the answer won, in sentences; only with `explain`. */
  readonly explanation?: string;
}

/** An event of a prediction as it arrives. Each `StreamEvent` of an ensemble fits this type, too. */
export type RemoteEvent<Answer = unknown> =
  | Exclude<StreamEvent<Answer>, { readonly type: 'call-end' | 'call-retry' | 'complete' | 'failure' }>
  | (Omit<Extract<StreamEvent<Answer>, { readonly type: 'call-end' }>, 'outcome'> & {
      readonly outcome: RemoteOutcome<Answer>;
    })
  | (Omit<Extract<StreamEvent<Answer>, { readonly type: 'call-retry' }>, 'failed'> & {
      readonly failed: RemoteAttempt;
    })
  | (Omit<Extract<StreamEvent<Answer>, { readonly type: 'failure' }>, 'error'> & {
      readonly error: RemoteFailure;
    })
  | (Omit<Extract<StreamEvent<Answer>, { readonly type: 'complete' }>, 'prediction'> & {
      readonly prediction: RemotePrediction<Answer>;
    });

/** An Observable of events that is an async iterable as well. */
export type RemoteEvents<Answer = unknown> = Observable<RemoteEvent<Answer>> &
  AsyncIterable<RemoteEvent<Answer>>;
