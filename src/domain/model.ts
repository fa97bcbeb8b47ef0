import type { Observable, Subscriber } from 'rxjs';
import type { ModelIdentity } from './attempt.ts';
import { isObject } from './is-object.ts';
import type { Reported } from './provider-report.ts';
import type { ModelRequest } from './request.ts';
import type { ToolCall } from './tools.ts';

/** The tokens of one call. The totals include their parts. */
export interface Usage {
  /** All input tokens, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** The input tokens that were read from the provider's cache, and written to it. */
  readonly cachedInputTokens?: number | undefined;
  readonly cacheWriteTokens?: number | undefined;
  /** All output tokens, those of hidden reasoning included. */
  readonly outputTokens?: number | undefined;
  /** The part of `cacheWriteTokens` that stays in the cache for longer than the shortest time, such as an hour. */
  readonly longCacheWriteTokens?: number | undefined;
  /** The input tokens of audio. */
  readonly audioInputTokens?: number | undefined;
  /** The output tokens of hidden reasoning. */
  readonly reasoningTokens?: number | undefined;
  /** The output tokens of audio, and of images. */
  readonly audioOutputTokens?: number | undefined;
  readonly imageOutputTokens?: number | undefined;
  /** The tier that served the call, in the provider's word, such as `flex`. Absent for the standard one, or if unknown. */
  readonly serviceTier?: string | undefined;
  /** Whether calls of unknown usage are left out: in the usage of a whole prediction. */
  readonly isPartial?: boolean | undefined;
}

/** Why a model stopped writing. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'refusal' | 'tool-calls' | 'other';

/** The source of a confidence: token probabilities, the model's statement, agreement of answers, a function. */
export type ConfidenceSource = 'logprobs' | 'stated' | 'agreement' | 'function';

/** The response of a model. */
export interface ModelResponse extends Reported {
  /** The answer as the model wrote it; empty if it only called tools. */
  readonly text: string;
  /** The calls of tools that the model made, in its order. */
  readonly toolCalls?: readonly ToolCall[] | undefined;
  /**
   * The vectors of an embedding model, one for each message of the request, in their order. Each is written as OpenAI's API
   * writes it: base64 of 32-bit floats, the lowest byte first.
   */
  readonly embeddings?: readonly string[] | undefined;
  /** The reasoning before the answer, or its summary, if the model shows it. It is never read as the answer. */
  readonly reasoning?: string | undefined;
  readonly usage?: Usage | undefined;
  /** The cost of the call, in USD; absent if the model does not report it. */
  readonly costUsd?: number | undefined;
  /** Whether `costUsd` is billed, estimated, or only known in part. Default `reported`. */
  readonly costSource?: 'reported' | 'estimated' | 'partial' | undefined;
  /** Present if the response was paid for earlier: `costUsd` is 0, and this is the cost at that time, if known. */
  readonly cached?: { readonly costUsd?: number | undefined } | undefined;
  readonly finishReason?: FinishReason | undefined;
  /** The probability that the answer is right, from 0 to 1. Absent if unknown; never guessed. */
  readonly confidence?: number | undefined;
  readonly confidenceSource?: ConfidenceSource | undefined;
  /** The mean natural logarithm of the token probabilities; absent if the model does not report them. */
  readonly meanLogprob?: number | undefined;
  /** The provider's id of the call, for its support. */
  readonly requestId?: string | undefined;
}

/** The documented members of a response; a model may add others. */
export const responseMembers = [
  'text',
  'toolCalls',
  'embeddings',
  'reasoning',
  'usage',
  'costUsd',
  'costSource',
  'cached',
  'finishReason',
  'confidence',
  'confidenceSource',
  'meanLogprob',
  'requestId',
] as const satisfies readonly (keyof ModelResponse)[];

/** A piece of what a model writes, while it writes it. */
export interface ModelDelta {
  readonly delta: string;
  /** What it is a piece of: the answer, the reasoning, or the arguments of a tool call as JSON. Default `text`. */
  readonly kind?: 'text' | 'reasoning' | 'tool-input' | undefined;
  /** The tool call that a piece of arguments belongs to. */
  readonly toolCallId?: string | undefined;
  readonly toolName?: string | undefined;
}

/** Whether an output of a model is a piece of its answer rather than the response. */
export const isDelta = <Result extends object = ModelResponse>(
  output: Result | ModelDelta,
): output is ModelDelta => isObject(output) && 'delta' in output;

/**
 * Returns the text of a delta; an absent one is empty.
 *
 * @throws {TypeError} if it is anything else.
 */
export const deltaText = ({ delta }: ModelDelta): string => {
  const text: unknown = delta ?? '';
  if (typeof text !== 'string') throw new TypeError('a delta must be a text');
  return text;
};

/**
 * A model that answers requests. `call` is cold: nothing is sent before `subscribe`, and `unsubscribe` aborts the request
 * on the wire. The first response is the answer. The call fails if it errors or completes without a response. A model that
 * can stream emits deltas before the response if the request wants them.
 */
export interface Model extends ModelIdentity {
  /**
   * The maximum number of output tokens of a call, including hidden reasoning, if the model has its own limit. `budget`
   * derives from it the most that a call can cost. Wrap a model with `{ ...model, call }`, so that it is kept.
   */
  readonly maxOutputTokens?: number | undefined;
  /**
   * The settings that influence the answers besides the request, such as `{ temperature: 0.2 }`: plain data without API
   * keys. A journal records it with the calls, so that a model with other settings is asked again. Models of providers state
   * the options that they send, `simulated` its own. Without it, give a model with other settings another `id`.
   */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  call(request: ModelRequest): Observable<ModelResponse | ModelDelta>;
}

/**
 * The key of a function next to `call` that does the same as `call(request).subscribe(subscriber)` without an Observable,
 * which costs no less than the rest of the call. It is a property of `call`, so that it is gone when a policy replaces
 * `call`. May throw.
 */
export const subscribing: unique symbol = Symbol('subscribing');

/**
 * The key of a mark of `call` with responses that never have a confidence. It is a property of `call`, so that it is gone when a
 * wrapper that may add confidences replaces `call`.
 */
export const withoutConfidence: unique symbol = Symbol('without confidence');

/**
 * The key of a mark of `call` that a policy of this library made: its values can be read, and its teardown does not throw.
 * It is a property of `call`, so that it is gone when a wrapper replaces `call`.
 */
export const isContained: unique symbol = Symbol('contained');

/** A `call` that can be subscribed without an Observable, and of which more is known. */
export interface DirectCall {
  readonly [isContained]?: boolean;
  readonly [withoutConfidence]?: boolean;
  (request: ModelRequest): Observable<ModelResponse | ModelDelta>;
  readonly [subscribing]?: (
    request: ModelRequest,
    subscriber: Subscriber<ModelResponse | ModelDelta>,
  ) => void;
}
