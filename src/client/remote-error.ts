import { CrucibleError } from '../domain/errors.ts';
import { readSafely } from '../domain/foreign.ts';

/** What failed: a word of the client, such as `connection_cut`, or one of the server. */
export type RemoteErrorCode =
  // The server could not be reached, or the connection broke before its response.
  | 'connection_failed'
  // The response ended before the prediction was complete.
  | 'connection_cut'
  // What answered is no ensemble server.
  | 'unreadable_response'
  // The function `headers` of the caller failed.
  | 'headers_failed'
  | 'AllModelsFailedError'
  | 'InsufficientResponsesError'
  | 'NoConsensusError'
  | 'insufficient_quota'
  | 'invalid_api_key'
  | 'invalid_request'
  | 'model_not_found'
  | 'rate_limit_exceeded'
  | 'shutting_down'
  // Editors suggest the names above, and each other text is one of a server, too.
  | (string & {});

/** The details of a {@link RemoteError}. */
export interface RemoteErrorOptions extends ErrorOptions {
  /** What failed. */
  readonly code: RemoteErrorCode;
  /** The HTTP status of the failure. */
  readonly status?: number | undefined;
  /** The kind of failure in the words of OpenAI, such as `invalid_request_error`. */
  readonly type?: string | undefined;
  /** The field of the request that is at fault. */
  readonly param?: string | undefined;
  /** How long to wait before the next request, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The id of the request in the log of the server. */
  readonly requestId?: string | undefined;
}

/** There is no prediction, in the words of the server; or the server could not be reached. */
export class RemoteError extends CrucibleError {
  override readonly name = 'RemoteError';
  /** What failed, such as `model_not_found`, `NoConsensusError` or `connection_cut`. */
  readonly code: RemoteErrorCode;
  /** The HTTP status of the failure, also if it ended a stream that had begun; `undefined` without a response. */
  readonly status: number | undefined;
  /** The kind of failure in the words of OpenAI, such as `invalid_request_error`. */
  readonly type: string | undefined;
  /** The field of the request that is at fault. */
  readonly param: string | undefined;
  /** How long to wait before the next request, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The id of the request in the log of the server. */
  readonly requestId: string | undefined;
  /**
   * Whether the same question may be answered when it is asked again: after a lost connection, while a server restarts, and
   * once `retryAfterMs` has passed. An ensemble that failed has retried already. Each question that is asked again costs
   * another prediction.
   */
  override readonly isRetryable: boolean;

  /** Takes any value, as the other errors do. */
  constructor(message: string, options: RemoteErrorOptions) {
    super(message, { cause: readSafely(options, 'cause') });
    this.code = textIn(options, 'code') ?? 'unreadable_response';
    this.status = amountIn(options, 'status');
    this.type = textIn(options, 'type');
    this.param = textIn(options, 'param');
    this.retryAfterMs = amountIn(options, 'retryAfterMs');
    this.requestId = textIn(options, 'requestId');
    this.isRetryable =
      this.code === 'connection_failed' ||
      this.code === 'connection_cut' ||
      (this.status === 429 && this.retryAfterMs !== undefined) ||
      [502, 503, 504].includes(this.status ?? 0);
  }
}

/** Reads a text of any value; `undefined` if it has no such text. */
export const textIn = (value: unknown, name: string): string | undefined => {
  const text = readSafely(value, name);
  return typeof text === 'string' ? text : undefined;
};

const amountIn = (value: unknown, name: string): number | undefined => {
  const amount = readSafely(value, name);
  return typeof amount === 'number' ? amount : undefined;
};
