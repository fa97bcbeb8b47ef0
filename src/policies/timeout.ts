import { defer, mergeMap, takeUntil, takeWhile, tap, throwError, timeout as timeoutOf, timer } from 'rxjs';
import { contained } from '../domain/contained-call.ts';
import { TimeoutError, type TimeoutProgress } from '../domain/errors.ts';
import { isDelta, type Model } from '../domain/model.ts';
import { type ModelRequest, markAbort } from '../domain/request.ts';
import { accepting, aModel, checked, faultsOf, limitMs, required } from '../options.ts';
import { currentClock } from '../time/clock.ts';

/** The options of {@link timeout}: a separate limit for the beginning of a response. */
export interface TimeoutOptions {
  /** The time limit for the first delta, or the response, in milliseconds. Default `Infinity`: that of the call. */
  readonly firstTokenMs?: number | undefined;
}

/**
 * A policy that aborts a call and fails it with `TimeoutError` if its response has not arrived after `timeoutMs`. The
 * limit covers everything inside: `timeout(2000)(retry()(model))` covers all attempts and the backoffs between them.
 * Deltas pass through and do not extend it. Keeps no state between calls.
 *
 * ```text
 * timeoutMs: 4
 * model   ^-a-a--4
 * result  --a-a#         TimeoutError, the call is aborted
 * ```
 *
 * The error is retryable. The cost of the call is unknown; it is estimated if the ensemble has a `pricing`. Costs no
 * calls, and one timer for each call in flight (two with `firstTokenMs`).
 *
 * @throws {ConfigError} for limits out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { timeout } from 'crucible-ensemble/policies';
 *
 * const slow = simulated({ id: 'slow', latencyMs: 5000 });
 * const quick = simulated({ id: 'quick', accuracy: 1, latencyMs: 1 });
 * const models = [slow, quick].map(timeout(100));
 * const { metadata } = await createEnsemble({ models, minResponses: 1 }).predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['slow', 'quick']
 * ```
 */
export const timeout = (timeoutMs: number, options: TimeoutOptions = {}): ((model: Model) => Model) => {
  const { firstTokenMs } = checked(
    'timeout',
    options,
    { firstTokenMs: [limitMs, Number.POSITIVE_INFINITY] },
    faultsOf('timeout', { timeoutMs }, { timeoutMs: required(limitMs) }),
  );
  return accepting('timeout', aModel, (model) => {
    const failAfter = (limit: number, request: ModelRequest, progress: TimeoutProgress) =>
      throwError(() => {
        markAbort(request, 'timeout');
        return new TimeoutError(model.id, limit, progress);
      });
    return {
      ...model,
      call: (request) =>
        defer(() => {
          const clock = currentClock();
          const startedAtMs = clock();
          let firstDeltaMs: number | undefined;
          // A call ends with its response, even if the model does not complete.
          let call$ = contained(model, request).pipe(
            tap(() => {
              firstDeltaMs ??= clock() - startedAtMs;
            }),
            takeWhile(isDelta, true),
          );
          if (firstTokenMs < timeoutMs) {
            const late = () => failAfter(firstTokenMs, request, { option: 'firstTokenMs' });
            call$ = call$.pipe(timeoutOf({ first: firstTokenMs, with: late }));
          }
          if (timeoutMs === Number.POSITIVE_INFINITY) return call$;
          const late = () =>
            failAfter(timeoutMs, request, { firstTokenMs: firstDeltaMs, option: `timeout(${timeoutMs})` });
          return call$.pipe(takeUntil(timer(timeoutMs).pipe(mergeMap(late))));
        }),
    };
  });
};
