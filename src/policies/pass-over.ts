import { type Observable, of, throwError } from 'rxjs';
import { unusableReason } from '../domain/call-result.ts';
import { UnusableResponseError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';
import type { Decide } from './should-handle.ts';

/**
 * Returns why a response does not count for the ensemble that made the request. The one place where policies learn
 * this; `undefined` if the response counts.
 */
export const reasonAgainst = (response: ModelResponse, request: ModelRequest): string | undefined => {
  if (attemptListener(request)?.acceptsUnfinished === true) return undefined;
  try {
    return unusableReason(response);
  } catch {
    // A response that cannot be read: the ensemble reports it.
    return undefined;
  }
};

/** Throws an `UnusableResponseError` if `output` is a response that does not count and `shouldHandle` accepts it. */
export const passOver = (
  output: ModelResponse | ModelDelta,
  { id }: Model,
  request: ModelRequest,
  shouldHandle: Decide,
): void => {
  if (isDelta(output)) return;
  const reason = reasonAgainst(output, request);
  if (reason !== undefined && shouldHandle({ response: output, reason }, request)) {
    throw new UnusableResponseError(id, reason, output);
  }
};

/** Ends a call with the result that it would have without a policy: the response that was passed over, or the error. */
export const unhandled = (error: unknown): Observable<ModelResponse> =>
  isA(error, UnusableResponseError) ? of(error.response) : throwError(() => error);
