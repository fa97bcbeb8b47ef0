import type { Outcome } from './outcome.ts';
import { type RateLimits, rateLimits } from './rate-limits.ts';

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

/** A property that is there for the program, but not for `inspect`, spreading or `JSON.stringify`. */
const hide = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: false, configurable: true });
};

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
export interface ModelErrorOptions extends ErrorOptions {
  readonly isRetryable?: boolean;
  /** The HTTP status that the provider answered with. */
  readonly status?: number;
  /** How long the provider asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The provider's name for the call. */
  readonly requestId?: string;
  /** What the call cost all the same, in USD. */
  readonly costUsd?: number | undefined;
  /** What is left of the provider's limits. */
  readonly [rateLimits]?: RateLimits;
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
  /** What is left of the provider's limits, where it says so. */
  declare readonly [rateLimits]?: RateLimits;

  constructor(model: string, message: string, options: ModelErrorOptions = {}) {
    const { isRetryable = false, status, retryAfterMs, requestId, costUsd, ...errorOptions } = options;
    super(`${model}: ${message}`, errorOptions);
    this.model = model;
    this.isRetryable = isRetryable;
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (requestId !== undefined) this.requestId = requestId;
    if (costUsd !== undefined) this.costUsd = costUsd;
    if (options[rateLimits] !== undefined) this[rateLimits] = options[rateLimits];
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
    super(model, `${maxQueued} calls are waiting already`, { isRetryable: true, costUsd: 0 });
    this.maxQueued = maxQueued;
  }
}

/** A model that is not asked for now, since too many of its calls have failed; nothing was sent. */
export class CircuitOpenError extends ModelError {
  override readonly name = 'CircuitOpenError';

  /** @param retryAfterMs when the model is tried again, where that is known. */
  constructor(model: string, retryAfterMs?: number) {
    super(model, 'not asked, since too many of its calls have failed', {
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

/** No prediction is possible. `outcomes` has every call that was made, with what it cost. */
export abstract class NoPredictionError extends CrucibleError {
  /** What became of every call; not enumerable, so that answers do not end up in logs. */
  declare readonly outcomes: readonly Outcome[];

  constructor(message: string, outcomes: readonly Outcome[] = [], options?: ErrorOptions) {
    super(message, options);
    hide(this, 'outcomes', outcomes);
  }

  /** The same error, with this account of the calls. */
  withOutcomes(outcomes: readonly Outcome[]): this {
    hide(this, 'outcomes', outcomes);
    return this;
  }
}

/** The caller's `AbortSignal` ended the prediction; every call still out was aborted. */
export class CancelledError extends NoPredictionError {
  override readonly name = 'CancelledError';

  constructor(options?: ErrorOptions) {
    super('the prediction was cancelled', [], options);
  }
}

/** A voter or a schedule of the caller's own threw; `cause` is what it threw. */
export class UserCodeError extends NoPredictionError {
  override readonly name = 'UserCodeError';

  constructor(what: string, { cause }: { readonly cause: unknown }) {
    super(`${what} threw ${cause instanceof Error ? cause.name : 'a value'}`, [], { cause });
  }
}

/** Every call failed; `cause` is the first failure. */
export class AllModelsFailedError extends NoPredictionError {
  override readonly name = 'AllModelsFailedError';
  override readonly isRetryable: boolean;

  constructor(outcomes: readonly Outcome[]) {
    const failures = outcomes.filter((outcome) => outcome.status === 'failed');
    super(`all models failed: ${failures.map(({ error }) => error.message).join('; ')}`, outcomes, {
      cause: failures[0]?.error,
    });
    this.isRetryable = failures.some(({ error }) => error.isRetryable);
  }
}

/** Fewer votes were cast than `minResponses` asks for. */
export class InsufficientResponsesError extends NoPredictionError {
  override readonly name = 'InsufficientResponsesError';
  override readonly isRetryable: boolean;
  /** How many votes were cast. */
  readonly received: number;
  /** How many `minResponses` asks for. */
  readonly required: number;

  constructor(received: number, required: number, outcomes: readonly Outcome[], isCutOff = false) {
    const missing = outcomes.filter(({ status }) => status !== 'answered');
    const reasons = missing.map((outcome) => `${outcome.model} ${outcome.status}`).join(', ');
    const when = isCutOff ? ' by the deadline' : '';
    super(
      `${received} of at least ${required} votes were cast${when}${reasons && ` (${reasons})`}`,
      outcomes,
    );
    this.received = received;
    this.required = required;
    this.isRetryable =
      isCutOff || missing.some((outcome) => outcome.status === 'failed' && outcome.error.isRetryable);
  }
}

/** Enough votes were cast, and the voting strategy found no winner in them. */
export class NoConsensusError extends NoPredictionError {
  override readonly name = 'NoConsensusError';
  /** Votes per answer; not enumerable, so that answers do not end up in logs. */
  declare readonly votes: Readonly<Record<string, number>>;

  constructor(strategy: string, votes: Readonly<Record<string, number>>, outcomes: readonly Outcome[]) {
    super(`${strategy} found no winner among ${Object.keys(votes).length} answers`, outcomes);
    hide(this, 'votes', votes);
  }
}
