import type { Observable } from 'rxjs';
import type { ModelRequest } from './query.ts';

/** Tokens of one call, as inclusive totals. */
export interface Usage {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

/** What a model said. */
export interface ModelResponse {
  /** The answer as the model wrote it. */
  readonly text: string;
  readonly usage?: Usage | undefined;
  /** What the call cost, in USD, where the model says so. */
  readonly costUsd?: number | undefined;
  /** Why the model stopped writing, such as `stop` or `length`. */
  readonly finishReason?: string | undefined;
  /** The probability, by this model's own account, that the answer is right: 0..1. Absent, never guessed. */
  readonly confidence?: number | undefined;
}

/**
 * Something that can be asked. `call` is cold: nothing is sent before `subscribe`, and `unsubscribe`
 * aborts the request on the wire. Its first value is the answer; an error or an empty end is a failed call.
 */
export interface Model {
  /** Names the model in votes, weights, costs and errors; unique within a panel. */
  readonly id: string;
  call(request: ModelRequest): Observable<ModelResponse>;
}
