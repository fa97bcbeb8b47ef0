import { concatMap, from, type MonoTypeOperatorFunction, map, type Observable, of, throwError } from 'rxjs';
import { UnusableResponseError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { isPromise } from '../domain/is-promise.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { reasonAgainst } from '../domain/reason-against.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { Decide } from './should-handle.ts';

/** An operator on what a model emits. */
type OnOutput = MonoTypeOperatorFunction<ModelResponse | ModelDelta>;

/**
 * Hands each response and the reason why it does not count to `look`, before the response continues. Waits for a check that
 * is asynchronous. What `look` throws ends the call.
 */
export const judged = (
  request: ModelRequest,
  look: (response: ModelResponse, reason: string | undefined) => void,
): OnOutput =>
  concatMap((output) => {
    if (isDelta(output)) return of(output);
    const reason = reasonAgainst(output, request);
    const pass = (found: string | undefined): ModelResponse => {
      look(output, found);
      return output;
    };
    return isPromise(reason) ? from(reason).pipe(map(pass)) : of(pass(reason));
  });

/** Throws an `UnusableResponseError` for a response that does not count, if `shouldHandle` accepts it. */
export const passOver = ({ id }: Model, request: ModelRequest, shouldHandle: Decide): OnOutput =>
  judged(request, (response, reason) => {
    if (reason !== undefined && shouldHandle({ response, reason }, request))
      throw new UnusableResponseError(id, reason, response);
  });

/** Ends a call with the result that it would have without a policy: the response that was passed over, or the error. */
export const unhandled = (error: unknown): Observable<ModelResponse> =>
  isA(error, UnusableResponseError) ? of(error.response) : throwError(() => error);
