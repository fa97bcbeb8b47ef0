import { CrucibleError } from '../domain/errors.ts';

/** A failure as a client receives it. */
export interface HttpError {
  /** The HTTP status. */
  readonly status: number;
  /** The kind of failure in the words of OpenAI, such as `invalid_request_error`. */
  readonly type: string;
  /** The failure itself, such as `model_not_found`. */
  readonly code: string;
  readonly message: string;
  /** The field of the request that is at fault. */
  readonly param?: string | undefined;
  /** How long to wait before the next request, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** A request that is not answered by an ensemble. */
export class RequestRefusal extends CrucibleError implements HttpError {
  override readonly name = 'RequestRefusal';
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly param?: string | undefined;
  readonly retryAfterMs?: number | undefined;

  constructor({ status, type, code, message, param, retryAfterMs }: HttpError) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A request with a fault of its own. */
export const badRequest = (message: string, param?: string, code = 'invalid_request'): RequestRefusal =>
  new RequestRefusal({ status: 400, type: 'invalid_request_error', code, message, param });
