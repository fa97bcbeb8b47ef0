import type { RequestMessage } from './message.ts';
import type { RequestTool } from './tools.ts';

/** The names of a model. */
export interface ModelIdentity {
  /** The name of the model in votes, weights, costs and errors; unique within a panel. */
  readonly id: string;
  /** The provider, and the provider's name for the model. Prices are found by them. */
  readonly provider?: string;
  readonly modelId?: string;
}

/** An attempt within a call that failed and is followed by another, as a policy reports it. */
export interface FailedAttempt {
  /** The error of the attempt; `UnusableResponseError` if its response was passed over. */
  readonly error: unknown;
  /** How long until the next attempt, in milliseconds. */
  readonly nextInMs: number;
}

/** The parts of a request that a model reads, and that are billed as its input. */
export interface ModelInput {
  readonly system?: string;
  readonly messages: readonly RequestMessage[];
  readonly tools?: Readonly<Record<string, RequestTool>>;
  readonly answerSchema?: Readonly<Record<string, unknown>>;
}

/** The cost of an attempt up to now, and its source. */
export interface AttemptCost {
  readonly costUsd: number | undefined;
  readonly costSource: 'reported' | 'estimated' | 'partial' | 'unknown';
  readonly maxCostUsd?: number;
  readonly isPriceApproximate?: boolean;
}

/** An attempt that can be ended from outside, such as the Subscriber of its output. */
export interface OpenAttempt {
  readonly closed: boolean;
  error(error: unknown): void;
}

/** The call that a request belongs to, as policies see it. It keeps the account of its attempts. */
export interface AttemptListener {
  /** The same object for all calls of one prediction, and only for them. */
  readonly prediction: object;
  /** Whether the call is an extra one, such as a hedge. */
  readonly isExtra: boolean;
  /** Whether the last request in flight was ended because it had no answer within `timeoutMs`. */
  readonly hasExpired: boolean;
  /** Whether the ensemble counts a response that is unfinished or empty. */
  readonly acceptsUnfinished: boolean;
  /** The time that is left for the prediction, in milliseconds; may be `Infinity` or negative. */
  remainingMs(): number;
  /**
   * Marks the attempt as queued, or no longer queued. A queued attempt has sent nothing and costs nothing, and its
   * `timeoutMs` begins when it no longer waits.
   */
  attemptWaits(isWaiting: boolean): void;
  /**
   * Reports whether this attempt pays for the shared call that it belongs to. It does not while it is looked up in a store,
   * or if it joins the request of another call. Its `timeoutMs` runs meanwhile.
   */
  attemptPays(isPaying: boolean): void;
  /** Reports that the attempt in flight has failed and another one follows. */
  attemptFailed(attempt: FailedAttempt): void;
  /**
   * Reports the model of the next attempt; while an attempt is in flight, the model that it really calls. With `attempt`,
   * which errors with `TimeoutError` after `timeoutMs`, a policy can make another one; without it, the call fails.
   */
  attemptStarted(model: ModelIdentity, attempt?: OpenAttempt): void;
  /**
   * Reports the actual input of the attempt in flight, if it is longer than its request: for example, a wrapper adds an
   * instruction, or a provider adds a schema. To be called before it is sent. A `budget` reserves money for it.
   *
   * @throws {BudgetExceededError} if the remaining budget is too small. Then send nothing.
   */
  attemptSends(input: ModelInput): void;
  /** Gives the cost so far of an attempt that consists of several calls, such as that of an ensemble as a model. */
  attemptCosts(costSoFar: () => AttemptCost): void;
}
