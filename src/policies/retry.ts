import { Subscriber, timer } from 'rxjs';
import { containedCall } from '../domain/contained-call.ts';
import { ModelError, UnusableResponseError } from '../domain/errors.ts';
import { guarding, isA } from '../domain/foreign.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest, warnOf } from '../domain/request.ts';
import {
  accepting,
  aModel,
  between,
  checked,
  delayMs,
  ofType,
  suchThat,
  trueOrFalse,
  wholeNumber,
} from '../options.ts';
import { beginAttempt } from './attempt.ts';
import { isTransient } from './is-transient.ts';
import { endUnhandled, JudgedCall, passOver } from './pass-over.ts';
import { type RetryBudget, retriesOf } from './retry-budget.ts';
import { type Decide, deciding, type ShouldHandle } from './should-handle.ts';

/** Which calls are repeated, how often, and how soon. */
export interface RetryOptions {
  /** The maximum number of calls, the first included: from 1. Default 3. */
  readonly maxAttempts?: number;
  /**
   * Whether to repeat a call with this result: an error, or a response that does not count. If it throws or returns
   * no boolean, the default decides, with a warning. Default {@link isTransient}.
   */
  readonly shouldHandle?: ShouldHandle;
  /**
   * Whether a model is asked again with its own answer and the reason why it does not count, after its response was passed over.
   * Has an effect with a `shouldHandle` that accepts responses, such as `isUnusable`. Default `false`.
   */
  readonly tellReason?: boolean;
  /** The longest first backoff, in milliseconds; each later one may take twice as long. Default 500. */
  readonly baseDelayMs?: number;
  /** The longest backoff, in milliseconds. If the provider asks for a longer one, the call fails. Default 10,000. */
  readonly maxDelayMs?: number;
  /** A budget that policies share, so that retries do not amplify an outage. Default: none. */
  readonly budget?: RetryBudget;
  /** Returns a number from 0 to 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * A policy that repeats a failed call after an exponential backoff with full jitter. It waits at least as long as the
 * provider asks (`retryAfterMs`). It does not repeat a call that has emitted a delta, because the subscriber has already
 * seen part of an answer. It does not wait if the backoff would outlast the `deadlineMs`. Each attempt has the `timeoutMs`
 * of the ensemble for itself. Only a budget outlives a call.
 *
 * ```text
 * call 1   ^--x
 * call 2   -----^--x            after 0..baseDelayMs
 * call 3   ------------^--4     after 0..2 × baseDelayMs
 * result   ---------------4
 * ```
 *
 * `shouldHandle` decides which results are repeated: by default, errors that may go away. It may pass over responses that do
 * not count as well. When no attempt is left, the call ends with the last result: the error, or the response, with which the
 * model abstains. Each attempt is billed: the outcome has the `attempts` before the last, each with its error, latency and
 * cost (`UnusableResponseError` for a response), and its `costUsd` is the sum.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { retry } from 'crucible-ensemble/policies';
 *
 * const steady = retry({ maxAttempts: 3 })(defineModel('steady', () => 'Paris'));
 * const { answer } = await createEnsemble({ models: [steady] }).predict('What is the capital of France?');
 * answer; // => 'paris'
 * ```
 */
export const retry = (options: RetryOptions = {}): ((model: Model) => Model) => {
  const { maxAttempts, baseDelayMs, maxDelayMs, budget, random, tellReason, ...given } = checked(
    'retry',
    options,
    {
      maxAttempts: [wholeNumber(1), 3],
      shouldHandle: [ofType('function'), isTransient],
      tellReason: [trueOrFalse, false],
      baseDelayMs: [delayMs, 500],
      maxDelayMs: [delayMs, 10_000],
      budget: suchThat('a budget that retryBudget() made', (value) => retriesOf(value) !== undefined),
      random: [ofType('function'), Math.random],
    },
  );
  const retries = retriesOf(budget);
  const share = (request: ModelRequest): number =>
    guarding(
      random,
      (fault) => {
        warnOf(request, `random of retry ${fault}: Math.random is used`);
        return Math.random();
      },
      between(0, 1),
    );
  const shouldHandle = deciding('retry', given.shouldHandle, isTransient);
  // The default accepts errors only, so that its calls need not look at responses.
  const looksAtResponses = given.shouldHandle !== isTransient;
  return accepting('retry', aModel, (model) => ({
    ...model,
    call: containedCall((request, subscriber) => {
      const account = attemptListener(request);
      if (account?.isExtra) retries?.charge();
      else retries?.earn();
      let hasEmitted = false;
      let failures = 0;
      let asked = request;
      /** Returns the backoff after an error; `undefined` if the call ends with it. */
      const backoffAfter = (error: unknown): number | undefined => {
        failures += 1;
        if (failures >= maxAttempts || hasEmitted) return undefined;
        const hintMs = hintOf(error);
        const mostMs = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(failures - 1, 31));
        const nextInMs = Math.max(hintMs, share(request) * mostMs);
        const isInTime = nextInMs < (account?.remainingMs() ?? Number.POSITIVE_INFINITY);
        if (hintMs > maxDelayMs || !isInTime) return undefined;
        const isHandled = isA(error, UnusableResponseError) || shouldHandle({ error }, request);
        return isHandled && retries?.spend() !== false ? nextInMs : undefined;
      };
      const begin = (): void => {
        const source = new Subscriber<ModelResponse | ModelDelta>({
          next(output) {
            hasEmitted = true;
            subscriber.next(output);
          },
          error(error: unknown) {
            const nextInMs = backoffAfter(error);
            if (nextInMs === undefined) {
              endUnhandled(error, subscriber);
              return;
            }
            if (tellReason && isA(error, UnusableResponseError)) asked = told(request, error);
            account?.attemptFailed({ error, nextInMs });
            subscriber.add(timer(nextInMs).subscribe(begin));
          },
          complete: () => subscriber.complete(),
        });
        subscriber.add(source);
        const decide: Decide = (...end) => !hasEmitted && shouldHandle(...end);
        beginAttempt(
          model,
          asked,
          looksAtResponses ? new JudgedCall(source, request, passOver(model, request, decide)) : source,
          asked === request ? undefined : asked,
        );
      };
      begin();
    }),
  }));
};

/** The request of the next attempt: with the answer that was passed over, and why. */
const told = (request: ModelRequest, { response, reason }: UnusableResponseError): ModelRequest => ({
  ...request,
  messages: [
    ...request.messages,
    // Providers refuse a turn without a text.
    { role: 'assistant', content: response.text.trim() === '' ? '(no text)' : response.text },
    { role: 'user', content: `This answer does not count: ${reason}. Answer again.` },
  ],
});

/** The pause that the provider asks for; 0 if it asks for none, or for an invalid one. */
const hintOf = (error: unknown): number => {
  const hintMs = isA(error, ModelError) ? (error.retryAfterMs ?? 0) : 0;
  return hintMs > 0 ? hintMs : 0;
};
