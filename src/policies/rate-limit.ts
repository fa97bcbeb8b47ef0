import { asyncScheduler, type Subscription } from 'rxjs';
import type { Model, ModelResponse } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';
import { bound, faultsOf, MAX_DELAY_MS, ofType, refuse, wholeNumber } from '../options.ts';
import { currentClock } from '../time/clock.ts';
import { createGatedCalls } from './gated-calls.ts';
import { createLearnedRate, type StartedSoFar } from './learned-rate.ts';

const MINUTE_MS = 60_000;

export interface RateLimitOptions {
  /** How many calls may start in any minute. From 1; default: as many as the provider says. */
  readonly requestsPerMinute?: number | undefined;
  /** How many tokens calls may use in a minute, read and written together. From 1; default: as the provider says. */
  readonly tokensPerMinute?: number | undefined;
  /** About how many tokens a call will use; default: the characters of what is asked, divided by 4. */
  readonly countTokens?: ((request: ModelRequest) => number) | undefined;
  /** How many calls may start at the same moment after a pause: 1 to `requestsPerMinute`; default 1. */
  readonly burst?: number | undefined;
  /** How many calls may wait; the next fails at once with `QueueFullError`. From 0; default `Infinity`. */
  readonly maxQueued?: number | undefined;
}

/**
 * A policy that spaces calls so that no sliding minute has more than `requestsPerMinute` starts, and tokens are
 * used no faster than `tokensPerMinute`, nor either of them faster than the provider says. Calls wait, first come,
 * first served. The limit is made with the policy: all models that it is applied to share it.
 *
 * ```text
 * requestsPerMinute: 20_000, one call in 3 ms
 * a    ^-4|
 * b    ---^-4|
 * c    ------^-4|
 * ```
 *
 * The limit is a GCRA: a pause saves up no more than `burst` calls, and the burst is taken out of the rate
 * (`requestsPerMinute - burst + 1` are sustained), so that a burst and what follows it keep to the minute as well.
 * A call's tokens are estimated before it and settled by the usage of its response; what they are above
 * the rate delays the calls after it.
 *
 * What the provider says ({@link rateLimits}, `retryAfterMs`) can only slow the line down: what it says is left is
 * spread over the time until its limit is whole again, with nothing left the line waits until then, and a refusal
 * with a hint holds all of it back. Nothing is known before the first answer.
 *
 * The only timer is that of the first waiting call. A full line turns the newest call away with `QueueFullError`,
 * which is retryable; a call unsubscribed while it waits is never made.
 *
 * @throws {ConfigError} for options that are no limits.
 *
 * @example
 * ```ts
 * import { rateLimit } from 'crucible-ensemble/policies';
 *
 * const limited = rateLimit({ requestsPerMinute: 6000, burst: 3 });
 * const models = [1, 2, 3].map((seed) => limited(simulated({ id: `model-${seed}`, seed, accuracy: 1 })));
 * const { answer } = await createEnsemble({ models }).predict('What is 2 + 2?');
 * answer; // => '4'
 * ```
 */
export const rateLimit = (options: RateLimitOptions = {}): ((model: Model) => Model) => {
  refuse(rateLimitFaults(options));
  const { requestsPerMinute, tokensPerMinute, countTokens = quarterOfCharacters, burst = 1 } = options;
  const gapMs = requestsPerMinute === undefined ? 0 : MINUTE_MS / (requestsPerMinute - burst + 1);
  const tokenMs = tokensPerMinute === undefined ? 0 : MINUTE_MS / tokensPerMinute;
  const learned = createLearnedRate();
  // When all calls so far are paid for: by number, and by tokens.
  let requestsPaidAtMs = Number.NEGATIVE_INFINITY;
  let tokensPaidAtMs = Number.NEGATIVE_INFINITY;
  let timer: Subscription | undefined;

  const waitMs = (): number =>
    Math.max(requestsPaidAtMs - (burst - 1) * gapMs, tokensPaidAtMs, learned.nextAtMs()) - currentClock()();

  const calls = createGatedCalls<Entry>(
    {
      needOf: (request) => ({ estimate: amount(countTokens(request)), soFar: undefined }),
      tryEnter(entry) {
        if (waitMs() > 0) return false;
        const nowMs = currentClock()();
        requestsPaidAtMs = Math.max(nowMs, requestsPaidAtMs) + gapMs;
        tokensPaidAtMs = Math.max(nowMs, tokensPaidAtMs) + entry.estimate * tokenMs;
        entry.soFar = learned.started(nowMs, entry.estimate);
        return true;
      },
      leave({ estimate, soFar }, end) {
        tokensPaidAtMs += ((usedTokens(end) ?? estimate) - estimate) * tokenMs;
        if (soFar !== undefined) learned.ended(currentClock()(), soFar, end);
      },
      rest(isWaiting) {
        timer?.unsubscribe();
        timer = undefined;
        if (!isWaiting) return;
        timer = asyncScheduler.schedule(
          calls.advance,
          Math.min(Math.max(Math.ceil(waitMs()), 1), MAX_DELAY_MS),
        );
      },
    },
    options.maxQueued,
  );
  return calls.policy;
};

/** A call in the line, and, once it was let through, what had been started by then. */
interface Entry {
  readonly estimate: number;
  soFar: StartedSoFar | undefined;
}

const rateLimitFaults = (options: RateLimitOptions): readonly string[] => {
  const faults = faultsOf('rateLimit', options, {
    requestsPerMinute: wholeNumber(1),
    tokensPerMinute: wholeNumber(1),
    countTokens: ofType('function'),
    burst: wholeNumber(1),
    maxQueued: bound(0),
  });
  if (faults.length > 0) return faults;
  const { requestsPerMinute, burst = 1 } = options;
  return burst > (requestsPerMinute ?? 1)
    ? [`rateLimit: option "burst" must be at most "requestsPerMinute", but got ${burst}`]
    : [];
};

const quarterOfCharacters = ({ system = '', messages }: ModelRequest): number =>
  Math.ceil(messages.reduce((sum, { content }) => sum + content.length, system.length) / 4);

/** A count that is none counts nothing: the call is settled by what it reports. */
const amount = (tokens: number): number => (tokens >= 0 && tokens < Number.POSITIVE_INFINITY ? tokens : 0);

const usedTokens = (end: unknown): number | undefined => {
  const { inputTokens, outputTokens } = (end as Partial<ModelResponse> | undefined)?.usage ?? {};
  return inputTokens === undefined && outputTokens === undefined
    ? undefined
    : amount(inputTokens ?? 0) + amount(outputTokens ?? 0);
};
