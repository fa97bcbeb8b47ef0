import { defer, retry as resubscribe, tap, throwError, timer } from 'rxjs';
import { CircuitOpenError, CrucibleError, ModelError } from '../domain/errors.ts';
import type { Model } from '../domain/model.ts';
import { attemptListener } from '../domain/request.ts';
import { checked, delayMs, ofType, wholeNumber } from '../options.ts';
import { attempt } from './attempt.ts';
import type { RetryBudget } from './retry-budget.ts';

/** How often, and how soon, a failed call is made again. */
export interface RetryOptions {
  /** Calls in all, the first included. Default 3, from 1 on. */
  readonly maxAttempts?: number;
  /** The most that the first backoff takes; each later one may take twice as long. Default 500. */
  readonly baseDelayMs?: number;
  /** The most that any backoff takes; a provider that asks for more is not asked again. Default 10,000. */
  readonly maxDelayMs?: number;
  /** Shared by policies, so that an outage is not amplified. Default none. */
  readonly budget?: RetryBudget;
  /** Draws from 0 to 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * A policy that makes a failed call again, after an exponential backoff with full jitter, where the error
 * says that this may help. Never sooner than the provider asks (`retryAfterMs`); never once something was
 * emitted, since whoever watches has seen half an answer; never where the pause would outlast the call or its
 * prediction; never on a circuit that is open. Only a budget outlives a call.
 *
 * ```text
 * call 1   ^--x
 * call 2   -----^--x            after 0..baseDelayMs
 * call 3   ------------^--4     after 0..2 × baseDelayMs
 * result   ---------------4
 * ```
 *
 * Fails with the last error as it came. Each attempt is paid for as the provider bills it: the outcome of the call
 * has the `attempts` before the last, each with its error, latency and cost, and costs what all of them cost.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { retry } from 'crucible-ensemble/policies';
 *
 * const steady = retry({ maxAttempts: 3 })(defineModel('steady', () => 'Paris'));
 * const { answer } = await createEnsemble({ models: [steady] }).predict('What is the capital of France?');
 * answer; // => 'paris'
 * ```
 */
export const retry = (options: RetryOptions = {}): ((model: Model) => Model) => {
  const { maxAttempts, baseDelayMs, maxDelayMs, budget, random } = checked('retry', options, {
    maxAttempts: [wholeNumber(1), 3],
    baseDelayMs: [delayMs, 500],
    maxDelayMs: [delayMs, 10_000],
    budget: ofType('object'),
    random: [ofType('function'), Math.random],
  });
  return (model) => ({
    ...model,
    call: (request) =>
      defer(() => {
        const account = attemptListener(request);
        if (account?.isExtra) budget?.charge();
        else budget?.earn();
        let hasEmitted = false;
        return attempt(model, request).pipe(
          tap(() => {
            hasEmitted = true;
          }),
          resubscribe({
            count: maxAttempts - 1,
            delay: (error: unknown, failures) => {
              const hintMs = hintOf(error);
              const mostMs = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(failures - 1, 31));
              const nextInMs = Math.max(hintMs, random() * mostMs);
              const isInTime = nextInMs < (account?.remainingMs() ?? Number.POSITIVE_INFINITY);
              const canHelp = !hasEmitted && isRetryable(error) && hintMs <= maxDelayMs && isInTime;
              if (!canHelp || budget?.spend() === false) return throwError(() => error);
              account?.attemptFailed({ error, nextInMs });
              return timer(nextInMs);
            },
          }),
        );
      }),
  });
};

/** An open circuit is there to save the time that waiting for it would take. */
const isRetryable = (error: unknown): boolean =>
  error instanceof CrucibleError && error.isRetryable && !(error instanceof CircuitOpenError);

/** What the provider asks to wait; nothing where it asks for what is no time. */
const hintOf = (error: unknown): number => {
  const hintMs = error instanceof ModelError ? (error.retryAfterMs ?? 0) : 0;
  return hintMs > 0 ? hintMs : 0;
};
