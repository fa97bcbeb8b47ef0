import { isA, nameOf, textOf } from './foreign.ts';
import { internal } from './internal.ts';
import type { ModelResponse } from './model.ts';
import type { ProviderReport, Reported } from './provider-report.ts';
import { shownPath } from './quoting.ts';

const textsOf = (values: unknown): readonly string[] => {
  try {
    if (!Array.isArray(values)) return [textOf(values)];
    return values.every((value) => typeof value === 'string') ? values : Array.from(values, textOf);
  } catch {
    return [textOf(values)];
  }
};

const optionsOf = <Options extends object>(options: Options | undefined): Partial<Options> => {
  try {
    return { ...options };
  } catch {
    return {};
  }
};

/** The base of every error of this library: a literal `name`, whether a retry can help, and a `cause`. */
export abstract class CrucibleError extends Error {
  abstract override readonly name: string;
  /** Whether the same call may succeed when it is made again. */
  readonly isRetryable: boolean = false;

  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? message : textOf(message), optionsOf(options));
  }

  /** Returns name, message and `isRetryable`. Leaves out causes, votes and answers, so that it is safe to log. */
  toJSON(): { name: string; message: string; isRetryable: boolean } {
    return { name: this.name, message: this.message, isRetryable: this.isRetryable };
  }
}

/** An invalid configuration. Lists every fault; nothing has been sent. */
export class ConfigError extends CrucibleError {
  override readonly name = 'ConfigError';
  /** One sentence for each fault: the function, the option, what is expected and what was given. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const listed = textsOf(faults);
    super(listed.length === 1 ? listed[0] : `${listed.length} faults:\n- ${listed.join('\n- ')}`);
    this.faults = listed;
  }
}

/** The details of a failed call. */
export interface ModelErrorOptions extends ErrorOptions, Reported {
  /**
   * Whether the same call may succeed when it is made again. Default: `true` for a rate limit, a failure of the provider
   * and a lost connection, and `false` otherwise.
   */
  readonly isRetryable?: boolean;
  /** The HTTP status of the provider's answer: 200 if the error is within a reply that began as a success. */
  readonly status?: number;
  /** The provider's word for the failure, such as `content_filter`. */
  readonly code?: string;
  /** The time that the provider asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The provider's id of the call. */
  readonly requestId?: string;
  /** The cost of the failed call, in USD; 0 if nothing was sent, or nothing was generated. Absent if unknown. */
  readonly costUsd?: number | undefined;
  /** Present if `costUsd` is not billed: it is `estimated`, or `partial`, since the cost of a part of the call is unknown. */
  readonly costSource?: 'estimated' | 'partial' | undefined;
}

/**
 * A failed call. `cause` is the error of a caller's own model. Errors of providers are not kept, because they may contain
 * keys.
 */
export class ModelError extends CrucibleError {
  override readonly name: string = 'ModelError';
  /** The id of the model that was called. */
  readonly model: string;
  override readonly isRetryable: boolean;
  readonly status?: number;
  readonly code?: string;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  readonly costUsd?: number;
  readonly costSource?: 'estimated' | 'partial';
  /**
   * The provider's own sentence about the failure, without keys; only with `debug: true`. Not enumerable, because it may quote
   * what was sent.
   */
  declare readonly providerMessage?: string;
  /** @internal */
  declare readonly [internal]?: ProviderReport;

  constructor(model: string, message: string, options: ModelErrorOptions = {}) {
    const {
      isRetryable = false,
      status,
      code,
      retryAfterMs,
      requestId,
      costUsd,
      costSource,
      [internal]: report,
      ...errorOptions
    } = optionsOf(options);
    super(`${textOf(model)}: ${textOf(message)}`, errorOptions);
    this.model = textOf(model);
    this.isRetryable = isRetryable;
    if (status !== undefined) this.status = status;
    if (code !== undefined) this.code = code;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (requestId !== undefined) this.requestId = requestId;
    if (costUsd !== undefined) this.costUsd = costUsd;
    if (costSource !== undefined) this.costSource = costSource;
    if (report !== undefined) this[internal] = report;
  }
}

/** The errors that may go away by themselves are retryable, unless their options say otherwise. */
const retryableByDefault = (options?: ModelErrorOptions): ModelErrorOptions => {
  const given = optionsOf(options);
  return { ...given, isRetryable: given.isRetryable ?? true };
};

/** The progress of a call when its time limit passed. */
export interface TimeoutProgress {
  /** From sending the request to the first piece of the answer, in milliseconds; absent if there was none. */
  readonly firstTokenMs?: number | undefined;
  /** The time in a queue before the request was sent, in milliseconds. It is not part of the time limit. Default 0. */
  readonly queuedMs?: number | undefined;
  /** The option to change, such as `timeoutMs`. */
  readonly option?: string | undefined;
}

/** A call without an answer within its time limit. It was aborted. */
export class TimeoutError extends ModelError {
  override readonly name = 'TimeoutError';
  /** The time limit, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * The phase of the call: `waiting` for the first piece of the answer (for the whole answer if it is not streamed), or
   * `streaming`.
   */
  readonly phase: 'waiting' | 'streaming';
  /** From sending the request to the first piece of the answer, in milliseconds; absent while `waiting`. */
  readonly firstTokenMs?: number;
  /** The time in a queue before the request was sent, in milliseconds. It is not part of the time limit. */
  readonly queuedMs: number;

  constructor(model: string, timeoutMs: number, progress?: TimeoutProgress) {
    super(model, timeoutMessage(timeoutMs, progress), { isRetryable: true });
    const { firstTokenMs, queuedMs = 0 } = optionsOf(progress);
    this.timeoutMs = timeoutMs;
    this.phase = firstTokenMs === undefined ? 'waiting' : 'streaming';
    if (firstTokenMs !== undefined) this.firstTokenMs = firstTokenMs;
    this.queuedMs = queuedMs;
  }
}

const timeoutMessage = (timeoutMs: number, progress: TimeoutProgress | undefined): string => {
  const { firstTokenMs, queuedMs = 0, option } = optionsOf(progress);
  const limit = `no answer within ${textOf(timeoutMs)} ms`;
  if (progress === undefined) return limit;
  const waited = queuedMs >= 1 ? ` after ${Math.round(queuedMs)} ms in a queue` : '';
  const phase =
    firstTokenMs === undefined
      ? 'the model had sent nothing'
      : `its first piece arrived after ${Math.round(firstTokenMs)} ms, and it was still being written`;
  const advice = option === undefined ? '' : ` (raise "${option}" if the model needs longer)`;
  return `${limit}${waited}: ${phase}${advice}`;
};

/** The provider rejects the key, or rejects it for this model (401, 403). */
export class AuthenticationError extends ModelError {
  override readonly name = 'AuthenticationError';
}

/** The provider rejects the request, and would reject it again (400, 404, 413, 422). */
export class InvalidRequestError extends ModelError {
  override readonly name = 'InvalidRequestError';
}

/** The provider's rate limit is reached (429). `retryAfterMs` is the time to wait, if the provider says so. */
export class RateLimitError extends ModelError {
  override readonly name = 'RateLimitError';

  constructor(model: string, message: string, options?: ModelErrorOptions) {
    super(model, message, retryableByDefault(options));
  }
}

/** The provider failed or is overloaded (5xx, 529). */
export class ProviderError extends ModelError {
  override readonly name = 'ProviderError';

  constructor(model: string, message: string, options?: ModelErrorOptions) {
    super(model, message, retryableByDefault(options));
  }
}

/** The provider could not be reached, or the connection broke. */
export class ConnectionError extends ModelError {
  override readonly name = 'ConnectionError';

  constructor(model: string, message: string, options?: ModelErrorOptions) {
    super(model, message, retryableByDefault(options));
  }
}

/** The response is longer than the cap, and was aborted there. */
export class ResponseTooLargeError extends ModelError {
  override readonly name = 'ResponseTooLargeError';
}

/** A call that ended with a value that is not a {@link ModelResponse}, or with none. */
export class MalformedResponseError extends ModelError {
  override readonly name = 'MalformedResponseError';
}

/**
 * A response that `retry` or `fallback` passed over, because `shouldHandle` returned `true`. It occurs only in `attempts` of
 * an outcome; no call fails with it.
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

/** A question without a recorded answer. A replay never makes a live call instead. */
export class ReplayMissError extends ModelError {
  override readonly name = 'ReplayMissError';
}

/** A call that a policy rejected because `maxQueued` calls were waiting. Nothing was sent. */
export class QueueFullError extends ModelError {
  override readonly name = 'QueueFullError';
  /** The limit of waiting calls. */
  readonly maxQueued: number;

  constructor(model: string, maxQueued: number) {
    super(model, `the queue is full: retry later, or raise maxQueued (${textOf(maxQueued)})`, {
      isRetryable: true,
      costUsd: 0,
    });
    this.maxQueued = maxQueued;
  }
}

/** A call to a model with an open circuit, because too many of its calls failed. Nothing was sent. */
export class CircuitOpenError extends ModelError {
  override readonly name = 'CircuitOpenError';

  /** @param retryAfterMs the time until the model is tried again, if known. */
  constructor(model: string, retryAfterMs?: number) {
    super(model, 'the circuit is open, because too many calls of this model have failed', {
      isRetryable: true,
      costUsd: 0,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

/** A call that might exceed the remaining budget, or whose price is unknown. Nothing was sent. */
export class BudgetExceededError extends ModelError {
  override readonly name = 'BudgetExceededError';
  /** The most that the call may cost, in USD; absent if unknown. */
  readonly worstUsd?: number;

  constructor(model: string, reason: string, worstUsd?: number) {
    super(model, reason, { costUsd: 0 });
    if (worstUsd !== undefined) this.worstUsd = worstUsd;
  }
}

/** More values arrived than a bounded buffer can hold, because its consumer was slow. */
export class BufferOverflowError extends CrucibleError {
  override readonly name = 'BufferOverflowError';
}

/** A journal that cannot be written, for example because the disk is full. The journal accepts no further entries. */
export class JournalWriteError extends CrucibleError {
  override readonly name = 'JournalWriteError';

  constructor(journal: string, reason: string, options?: ErrorOptions) {
    super(`${shownPath(textOf(journal))} cannot be written: ${textOf(reason)}`, options);
  }
}

/** A journal with a damaged or missing line. The file was not changed. */
export class JournalCorruptError extends CrucibleError {
  override readonly name = 'JournalCorruptError';
  /** The number of the line, from 1. */
  readonly line: number;

  constructor(journal: string, line: number) {
    const last = typeof line === 'number' ? line - 1 : 0;
    super(
      `${shownPath(textOf(journal))}, line ${textOf(line)}: this line is damaged, or a line before it was changed or removed; restore the file from a copy${last > 1 ? `, or keep the first ${last} lines (head -n ${last}), and the other calls are made again` : ''}`,
    );
    this.line = line;
  }
}

/** A journal that another process is writing. */
export class JournalLockedError extends CrucibleError {
  override readonly name = 'JournalLockedError';
  /** The id of that process, if it can be read. */
  readonly pid?: number;

  constructor(journal: string, holder: string, pid?: number) {
    super(`${shownPath(textOf(journal))} is being written by ${textOf(holder)}`);
    if (pid !== undefined) this.pid = pid;
  }
}

/** Whether an error can be read. A Proxy of one, or one with odd getters or properties, throws when it is. */
export const isReadable = (error: CrucibleError): boolean => {
  try {
    const { name, message, isRetryable, cause: _ } = error;
    const texts = [name, message];
    const details: unknown[] = [isRetryable];
    if (isA(error, ModelError)) {
      const { model, costUsd, costSource, status, code, retryAfterMs, requestId, [internal]: report } = error;
      texts.push(model);
      details.push(costUsd, costSource, status, code, retryAfterMs, requestId);
      // Reading the report must not throw. What it holds is checked where it is used.
      Object.keys(report ?? {});
    }
    if (isA(error, UnusableResponseError)) {
      const { reason, response: _ } = error;
      texts.push(reason);
    }
    return texts.every((text) => typeof text === 'string') && details.every(isPlain);
  } catch {
    return false;
  }
};

/** Whether a value can be compared and added. A symbol, a bigint or an object can throw. */
const isPlain = (value: unknown): boolean =>
  value === null || ['undefined', 'boolean', 'number', 'string'].includes(typeof value);

const unreadable = (model: string, cause: unknown): ModelError =>
  new ModelError(model, `the call failed with ${nameOf(cause)}`, { cause });

/** An error as it is, unless it is one of this library that cannot be read. Nothing of a foreign error is read. */
export const readableError = (model: string, error: unknown): unknown =>
  isA(error, CrucibleError) && !isReadable(error) ? unreadable(model, error) : error;

/** Converts the error of a model to a `ModelError`. The message of a foreign error is not repeated: it may hold keys. */
export const toModelError = (model: string, error: unknown): ModelError =>
  isA(error, ModelError) && isReadable(error) ? error : unreadable(model, error);
