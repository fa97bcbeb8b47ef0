import type { Observable, Subscriber } from 'rxjs';
import type { ModelIdentity } from './attempt.ts';
import type { Reported } from './provider-report.ts';
import type { ModelRequest } from './request.ts';

/** Tokens of one call, as inclusive totals: the parts are counted in the totals already. */
export interface Usage {
  /** All tokens read, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Of these, the ones read from the provider's cache, and written to it. */
  readonly cachedInputTokens?: number | undefined;
  readonly cacheWriteTokens?: number | undefined;
  /** All tokens written, those of hidden reasoning included. */
  readonly outputTokens?: number | undefined;
  /** Of these, the ones of hidden reasoning. */
  readonly reasoningTokens?: number | undefined;
}

/** Why a model stopped writing. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'refusal' | 'tool-calls' | 'other';

/** Where a confidence comes from: token probabilities, the model's word, agreement between answers, a function. */
export type ConfidenceSource = 'logprobs' | 'stated' | 'agreement' | 'function';

/** What a model said. */
export interface ModelResponse extends Reported {
  /** The answer as the model wrote it. */
  readonly text: string;
  readonly usage?: Usage | undefined;
  /** What the call cost, in USD, where the model says so. */
  readonly costUsd?: number | undefined;
  /** Whether `costUsd` is what was billed, or an estimate. Default `reported`. */
  readonly costSource?: 'reported' | 'estimated' | undefined;
  /** Present where the response was paid for before: `costUsd` is 0, and here is what it was then, if known. */
  readonly cached?: { readonly costUsd?: number | undefined } | undefined;
  readonly finishReason?: FinishReason | undefined;
  /** The probability, by its source, that the answer is right: 0..1. Absent, never guessed. */
  readonly confidence?: number | undefined;
  readonly confidenceSource?: ConfidenceSource | undefined;
  /** The mean natural logarithm of the probabilities of the tokens of the answer, where the model gives them. */
  readonly meanLogprob?: number | undefined;
  /** The provider's name for the call, for its support desk. */
  readonly requestId?: string | undefined;
}

/** A piece of an answer while it is being written. */
export interface ModelDelta {
  readonly delta: string;
}

/** Whether what a model emits is a piece of an answer, and not the answer. */
export const isDelta = (output: ModelResponse | ModelDelta): output is ModelDelta =>
  typeof output === 'object' && output !== null && 'delta' in output;

/**
 * Something that can be asked. `call` is cold: nothing is sent before `subscribe`, and `unsubscribe`
 * aborts the request on the wire. Its first response is the answer; an error or an end without one is a
 * failed call. A model that can stream emits deltas before the response when the request asks for them.
 */
export interface Model extends ModelIdentity {
  call(request: ModelRequest): Observable<ModelResponse | ModelDelta>;
}

/**
 * Where the `call` of a model of ours says how to do the same as `call(request).subscribe(subscriber)` without an
 * Observable in between, which costs as much as the question. It belongs to `call`, so that it is gone where a policy
 * puts one of its own in its place. May throw.
 */
export const subscribing: unique symbol = Symbol('subscribing');

/** A `call` that can be subscribed without an Observable in between. */
export interface DirectCall {
  (request: ModelRequest): Observable<ModelResponse | ModelDelta>;
  readonly [subscribing]?: (
    request: ModelRequest,
    subscriber: Subscriber<ModelResponse | ModelDelta>,
  ) => void;
}
