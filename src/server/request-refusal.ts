import { CrucibleError } from '../domain/errors.ts';
import { isArray, readSafely, textOf } from '../domain/foreign.ts';

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
  /** The methods that the path has, if the request has another one. */
  readonly allow?: readonly string[] | undefined;
}

/** A request that is not answered by an ensemble. */
export class RequestRefusal extends CrucibleError implements HttpError {
  override readonly name = 'RequestRefusal';
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly param?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly allow?: readonly string[] | undefined;

  /** Takes any value, as the other errors do. A status that is not one of an error becomes 500. */
  constructor(facts: HttpError) {
    super(textOf(readSafely(facts, 'message')));
    const { status, param, retryAfterMs, allow } = Object.fromEntries(
      (['status', 'param', 'retryAfterMs', 'allow'] as const).map((name) => [name, readSafely(facts, name)]),
    );
    this.status = isErrorStatus(status) ? status : 500;
    this.type = textOf(readSafely(facts, 'type'));
    this.code = textOf(readSafely(facts, 'code'));
    if (typeof param === 'string') this.param = param;
    if (typeof retryAfterMs === 'number') this.retryAfterMs = retryAfterMs;
    if (isArray(allow)) this.allow = allow.map(textOf);
  }
}

const isErrorStatus = (status: unknown): status is number =>
  Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;

/** A request with a fault of its own. */
export const badRequest = (message: string, param?: string, code = 'invalid_request'): RequestRefusal =>
  new RequestRefusal({ status: 400, type: 'invalid_request_error', code, message, param });
