import { internal } from './internal.ts';
import type { ModelResponse } from './model.ts';
import type { ProviderReport, Reported } from './provider-report.ts';

/** What every error of this library is: a literal `name`, whether asking again can help, and its `cause`. */
export abstract class CrucibleError extends Error {
  abstract override readonly name: string;
  /** Whether the same call, made again, may succeed. */
  readonly isRetryable: boolean = false;

  /** Name, message and `isRetryable`: no cause, no votes, no answers, so that it is safe to log. */
  toJSON(): { name: string; message: string; isRetryable: boolean } {
    return { name: this.name, message: this.message, isRetryable: this.isRetryable };
  }
}

/** A configuration that cannot work. Lists every fault at once; nothing has been sent. */
export class ConfigError extends CrucibleError {
  override readonly name = 'ConfigError';
  /** One sentence a fault: function, option, what was expected, what came. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.length === 1 ? faults[0] : `${faults.length} faults:\n- ${faults.join('\n- ')}`);
    this.faults = faults;
  }
}

/** What is known of a call that failed. */
export interface ModelErrorOptions extends ErrorOptions, Reported {
  readonly isRetryable?: boolean;
  /** The HTTP status that the provider answered with. */
  readonly status?: number;
  /** How long the provider asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The provider's name for the call. */
  readonly requestId?: string;
  /** What the call cost all the same, in USD. */
  readonly costUsd?: number | undefined;
}

/** A call that failed. `cause` is what a model of the caller's own threw; providers' errors are not kept. */
export class ModelError extends CrucibleError {
  override readonly name: string = 'ModelError';
  /** The model that was asked. */
  readonly model: string;
  override readonly isRetryable: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  readonly costUsd?: number;
  /** @internal */
  declare readonly [internal]?: ProviderReport;

  constructor(model: string, message: string, options: ModelErrorOptions = {}) {
    const { isRetryable = false, status, retryAfterMs, requestId, costUsd, ...errorOptions } = options;
    super(`${model}: ${message}`, errorOptions);
    this.model = model;
    this.isRetryable = isRetryable;
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (requestId !== undefined) this.requestId = requestId;
    if (costUsd !== undefined) this.costUsd = costUsd;
    if (options[internal] !== undefined) this[internal] = options[internal];
  }
}

/** A call that did not answer within its `timeoutMs`; it was aborted. */
export class TimeoutError extends ModelError {
  override readonly name = 'TimeoutError';
  /** How long the call was given, in milliseconds. */
  readonly timeoutMs: number;

  constructor(model: string, timeoutMs: number) {
    super(model, `no answer within ${timeoutMs} ms`, { isRetryable: true });
    this.timeoutMs = timeoutMs;
  }
}

/** The provider does not accept the key, or not for this model (401, 403). */
export class AuthenticationError extends ModelError {
  override readonly name = 'AuthenticationError';
}

/** The provider does not accept the request, and would not accept it again (400, 404, 413, 422). */
export class InvalidRequestError extends ModelError {
  override readonly name = 'InvalidRequestError';
}

/** The provider has had enough requests for now (429); `retryAfterMs` says for how long, where it does. */
export class RateLimitError extends ModelError {
  override readonly name = 'RateLimitError';
}

/** The provider failed or is overloaded (5xx, 529). */
export class ProviderError extends ModelError {
  override readonly name = 'ProviderError';
}

/** The provider could not be reached, or the connection broke. */
export class ConnectionError extends ModelError {
  override readonly name = 'ConnectionError';
}

/** The answer is longer than can be held; it was aborted at the cap. */
export class ResponseTooLargeError extends ModelError {
  override readonly name = 'ResponseTooLargeError';
}

/** A model that answered with something that is no {@link ModelResponse}, or with nothing at all. */
export class MalformedResponseError extends ModelError {
  override readonly name = 'MalformedResponseError';
}

/**
 * A response that `retry` or `fallback` passed over, because `shouldHandle` said so. Stands in `attempts` of an outcome;
 * no call fails with it.
 */
export class UnusableResponseError extends ModelError {
  override readonly name = 'UnusableResponseError';
  /** Why the response does not count. */
  readonly reason: string;
  // Private, so that the answer is not logged with the error.
  readonly #response: ModelResponse;

  constructor(model: string, reason: string, response: ModelResponse) {
    super(model, reason);
    this.reason = reason;
    this.#response = response;
  }

  get response(): ModelResponse {
    return this.#response;
  }
}

/** A question that has no recorded answer. A replay never makes a live call instead. */
export class ReplayMissError extends ModelError {
  override readonly name = 'ReplayMissError';
}

/** A call that a policy did not let in, since `maxQueued` calls were waiting already; nothing was sent. */
export class QueueFullError extends ModelError {
  override readonly name = 'QueueFullError';
  /** How many calls may wait. */
  readonly maxQueued: number;

  constructor(model: string, maxQueued: number) {
    super(model, `the queue is full: retry later, or raise maxQueued (${maxQueued})`, {
      isRetryable: true,
      costUsd: 0,
    });
    this.maxQueued = maxQueued;
  }
}

/** A model that is not asked for now, since too many of its calls have failed; nothing was sent. */
export class CircuitOpenError extends ModelError {
  override readonly name = 'CircuitOpenError';

  /** @param retryAfterMs when the model is tried again, where that is known. */
  constructor(model: string, retryAfterMs?: number) {
    super(model, 'the circuit is open, because too many calls of this model have failed', {
      isRetryable: true,
      costUsd: 0,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

/** A call that might cost more than a cap leaves, or of which nobody knows what it costs; nothing was sent. */
export class BudgetExceededError extends ModelError {
  override readonly name = 'BudgetExceededError';
  /** What the call may cost at the most, in USD, where that is known. */
  readonly worstUsd?: number;

  constructor(model: string, reason: string, worstUsd?: number) {
    super(model, reason, { costUsd: 0 });
    if (worstUsd !== undefined) this.worstUsd = worstUsd;
  }
}

/** More values arrived than a bounded buffer holds while its consumer was busy. */
export class BufferOverflowError extends CrucibleError {
  override readonly name = 'BufferOverflowError';
}

/** A journal that cannot be written: the disk is full, say. It accepts nothing from then on. */
export class JournalWriteError extends CrucibleError {
  override readonly name = 'JournalWriteError';

  constructor(journal: string, reason: string, options?: ErrorOptions) {
    super(`${journal} cannot be written: ${reason}`, options);
  }
}

/** A journal with a line that is none of its own, and others after it. Nothing of it was changed. */
export class JournalCorruptError extends CrucibleError {
  override readonly name = 'JournalCorruptError';
  /** The number of the line, from 1. */
  readonly line: number;

  constructor(journal: string, line: number) {
    super(`${journal}, line ${line}: this is no entry of a journal, and lines follow it`);
    this.line = line;
  }
}

/** A journal that somebody else is writing. */
export class JournalLockedError extends CrucibleError {
  override readonly name = 'JournalLockedError';
  /** The process that holds it, where its number can be read. */
  readonly pid?: number;

  constructor(journal: string, holder: string, pid?: number) {
    super(`${journal} is being written by ${holder}`);
    if (pid !== undefined) this.pid = pid;
  }
}

/** What a model failed with, as an error of ours: the message of another one is not repeated. */
export const toModelError = (model: string, error: unknown): ModelError => {
  if (error instanceof ModelError) return error;
  const name = error instanceof Error ? error.name : 'a value that is no error';
  return new ModelError(model, `the call failed with ${name}`, { cause: error });
};
