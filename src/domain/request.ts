import { type AbortCause, abortReason } from './abort-reason.ts';
import type { AttemptListener } from './attempt.ts';
import type { CallRole } from './call-role.ts';
import { readSafely } from './foreign.ts';
import { internal } from './internal.ts';
import type { Message, RequestMessage, SystemMessage } from './message.ts';
import type { QuerySettings } from './query-settings.ts';
import type { RequestTool, Tool, ToolChoice } from './tools.ts';

/**
 * A conversation: its turns, the last of which is the question, and instructions for the model. Instructions may be given as
 * `system`, as messages, or as both: the model receives them as one `system`, in this order, with an empty line between
 * them. They replace the `system` of the ensemble; with an empty text, the model receives no instructions.
 */
export interface Conversation {
  readonly system?: string;
  readonly messages: readonly (Message | SystemMessage)[];
  /** The tools that the model may call, by name. */
  readonly tools?: Readonly<Record<string, Tool>>;
  /** Whether the model may, must not or must call a tool, or which one. Default `auto`. Only with `tools`. */
  readonly toolChoice?: ToolChoice;
  /** How the models write their answers; over those of the ensemble. */
  readonly settings?: QuerySettings;
}

/** A question, or a conversation that ends with it. */
export type Query = string | Conversation;

/** A query as a model receives it. */
export interface ModelRequest extends Conversation {
  /** The turns. All instructions are in `system`. */
  readonly messages: readonly RequestMessage[];
  /** The question: the text of the last turn that is not of a tool. */
  readonly prompt: string;
  readonly tools?: Readonly<Record<string, RequestTool>>;
  /** The `context` of the prediction, as its caller gave it. No part of what is asked: no cache or journal knows it. */
  readonly context?: unknown;
  /** The JSON Schema of the answer, if the normalization has one. */
  readonly answerSchema?: Readonly<Record<string, unknown>>;
  /** Whether deltas are wanted: a model that can stream then emits them before its response. */
  readonly wantsDeltas?: boolean;
  /** The number of this call among several samples of one model, from 0. */
  readonly sample?: number;
  /**
   * The maximum number of tokens that the call may write, hidden reasoning included. Set by `budget`, which has reserved
   * money for no more. A model must obey it; the models of providers send the smaller of it and their own limit.
   */
  readonly maxOutputTokens?: number;
  /** @internal */
  readonly [internal]?: RequestingCall | undefined;
}

/** The call that a request belongs to, as the library sees it. */
export interface RequestingCall {
  readonly attempts: AttemptListener;
  /** What the call is for; absent for a call of a member. */
  readonly role?: CallRole | undefined;
  /** Adds a warning to the outcome of the call. */
  warn?(warning: string): void;
  /** Whether a policy around the model makes another attempt if it fails. */
  readonly isRepeated?: boolean;
  /** Whether errors may have the sentence of the provider. */
  readonly isDebugged?: boolean;
  /**
   * Returns why a response does not count for the ensemble, and `undefined` if it does; a promise if its check is
   * asynchronous. Each response is judged once.
   */
  readonly reasonAgainst?:
    | ((response: object) => string | undefined | Promise<string | undefined>)
    | undefined;
  /** The normalizer of the answer if it is not read as those of members: an ensemble in the place of a model votes on what it reads. */
  readonly normalization?: unknown;
  /** What stands for the rule by which responses count: calls with the same one may share a response. */
  readonly rule?: string | undefined;
  /** Why the call was cancelled, once it is. */
  readonly abortReason?: unknown;
  /** Set by a policy that cancels an attempt, before it does so. */
  abortCause?: AbortCause | undefined;
}

/** Whether the answer to a request may be calls of tools. */
export const mayCallTools = ({ tools, toolChoice }: ModelRequest): boolean =>
  tools !== undefined && toolChoice !== 'none';

/** Returns the smaller of two limits of output tokens. An absent limit does not count. */
export const smallerLimit = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

/**
 * Returns the listener of the call that a request belongs to, for policies that make several attempts or delay a call.
 * Absent if the request was not made by an ensemble.
 */
export const attemptListener = (request: ModelRequest): AttemptListener | undefined =>
  (readSafely(request, internal) as ModelRequest[typeof internal])?.attempts;

/** Adds a warning to the outcome of the call that a request belongs to, if an ensemble made it. */
export const warnOf = (request: ModelRequest, warning: string): void => request[internal]?.warn?.(warning);

/** Returns why a call is cancelled, once it is: the reason with which its signal aborts. */
export const abortReasonOf = (request: ModelRequest): unknown => {
  const reason = request[internal]?.abortReason;
  // A caller may abort with `null`.
  return reason === undefined ? abortReason('caller-left') : reason;
};

/** Says why an attempt is cancelled, for a policy that is about to do so. */
export const markAbort = (request: ModelRequest, cause: AbortCause): void => {
  const call = request[internal];
  if (call !== undefined) call.abortCause = cause;
};

/**
 * Returns a request with another attempt listener, for a policy that stands between its call and other policies.
 *
 * @param callOf returns the request whose call is meant at present.
 */
export const withListener = (
  request: ModelRequest,
  attempts: AttemptListener,
  callOf: () => ModelRequest = () => request,
): ModelRequest => ({ ...request, [internal]: new RelayedCall(attempts, callOf) });

/** The call of a request with another attempt listener. A class, because getters in an object literal cost ten times as much. */
class RelayedCall implements RequestingCall {
  readonly attempts: AttemptListener;
  readonly #callOf: () => ModelRequest;

  constructor(attempts: AttemptListener, callOf: () => ModelRequest) {
    this.attempts = attempts;
    this.#callOf = callOf;
  }

  get #call(): RequestingCall | undefined {
    return this.#callOf()[internal];
  }

  get reasonAgainst(): RequestingCall['reasonAgainst'] {
    const call = this.#call;
    return call?.reasonAgainst?.bind(call);
  }

  get normalization(): unknown {
    return this.#call?.normalization;
  }

  get rule(): string | undefined {
    return this.#call?.rule;
  }

  get isRepeated(): boolean {
    return this.#call?.isRepeated === true;
  }

  get isDebugged(): boolean {
    return this.#call?.isDebugged === true;
  }

  get abortReason(): unknown {
    return abortReasonOf(this.#callOf());
  }

  set abortCause(cause: AbortCause) {
    markAbort(this.#callOf(), cause);
  }

  warn(warning: string): void {
    warnOf(this.#callOf(), warning);
  }
}
