import { mergeMap, takeUntil, takeWhile, throwError, timeout as timeoutOf, timer } from 'rxjs';
import { TimeoutError } from '../domain/errors.ts';
import { isDelta, type Model } from '../domain/model.ts';
import { faultsOf, limitMs, refuse } from '../options.ts';

export interface TimeoutOptions {
  /** How long the first delta, or the response, may take, in milliseconds. Default `Infinity`: as the call. */
  readonly firstTokenMs?: number | undefined;
}

/**
 * A policy that fails a call with `TimeoutError`, and aborts it, when its response is not there after
 * `timeoutMs`. All that lies inside counts: `timeout(2000)(retry()(model))` covers every attempt and every wait
 * between them. Deltas pass through and do not extend it. No state outlives a call.
 *
 * ```text
 * timeoutMs: 4
 * model   ^-a-a--4
 * result  --a-a#         TimeoutError, the call is aborted
 * ```
 *
 * The error is retryable. What the call had cost is not known: it is estimated where there are prices.
 * Costs no calls, and one timer while a call is out (two with `firstTokenMs`).
 *
 * @throws {ConfigError} for times that are no limits.
 *
 * @example
 * ```ts
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
  refuse([
    ...faultsOf('timeout', { timeoutMs }, { timeoutMs: limitMs }),
    ...(timeoutMs === undefined ? ['timeout: "timeoutMs" is missing'] : []),
    ...faultsOf('timeout', options, { firstTokenMs: limitMs }),
  ]);
  const { firstTokenMs = Number.POSITIVE_INFINITY } = options;
  return (model) => {
    const failAfter = (limit: number) => throwError(() => new TimeoutError(model.id, limit));
    return {
      ...model,
      call(request) {
        // The response is the end of a call, whether or not the model completes.
        let call$ = model.call(request).pipe(takeWhile(isDelta, true));
        if (firstTokenMs < timeoutMs) {
          call$ = call$.pipe(timeoutOf({ first: firstTokenMs, with: () => failAfter(firstTokenMs) }));
        }
        if (timeoutMs === Number.POSITIVE_INFINITY) return call$;
        return call$.pipe(takeUntil(timer(timeoutMs).pipe(mergeMap(() => failAfter(timeoutMs)))));
      },
    };
  };
};
