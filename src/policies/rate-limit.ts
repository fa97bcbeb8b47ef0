import { asyncScheduler, type Subscription } from 'rxjs';
import { guarding } from '../domain/foreign.ts';
import { writtenIn } from '../domain/message.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import { type ModelRequest, warnOf } from '../domain/request.ts';
import { between, bound, checked, MAX_DELAY_MS, ofType, reading, wholeNumber } from '../options.ts';
import { currentClock } from '../time/clock.ts';
import { createGatedCalls } from './gated-calls.ts';
import { createLearnedRate, type StartedSoFar } from './learned-rate.ts';

const MINUTE_MS = 60_000;

/** How many calls may start, and how many tokens they may use, in a minute. */
export interface RateLimitOptions {
  /** The maximum number of calls that may start in any minute. From 1; default: the limit that the provider reports. */
  readonly requestsPerMinute?: number | undefined;
  /**
   * The maximum number of tokens in a minute, read and written together. From 1; default: the limit that the provider
   * reports.
   */
  readonly tokensPerMinute?: number | undefined;
  /**
   * Estimates the tokens of a call. If it throws or returns no number, 0 counts, with a warning. Default: the characters of
   * the request, divided by 4.
   */
  readonly countTokens?: ((request: ModelRequest) => number) | undefined;
  /** The maximum number of calls that may start at the same moment after a pause: 1 to `requestsPerMinute`; default 1. */
  readonly burst?: number | undefined;
  /** The maximum number of waiting calls; another call fails at once with `QueueFullError`. From 0; default `Infinity`. */
  readonly maxQueued?: number | undefined;
}

/**
 * A policy that spaces calls. No sliding minute has more than `requestsPerMinute` starts, and tokens are used no faster than
 * `tokensPerMinute`, nor faster than the provider allows. Calls wait, first come, first served. All models that the policy
 * is applied to share its limit.
 *
 * ```text
 * requestsPerMinute: 20_000, one call in 3 ms
 * a    ^-4|
 * b    ---^-4|
 * c    ------^-4|
 * ```
 *
 * The limit is a GCRA (generic cell rate algorithm): a pause saves up at most `burst` calls. The burst is subtracted from
 * the rate (the sustained rate is `requestsPerMinute - burst + 1`), so a burst and the calls after it stay within the limit
 * of a minute, too. The tokens of a call are estimated before it and settled by the usage of its response; an excess delays
 * the calls after it, by a minute at most.
 *
 * The provider's reports ({@link providerRateLimits}, `retryAfterMs`) can only slow down the queue. The remaining calls are
 * spread over the time until the limit resets. If none remain, the queue waits until then; after a refusal with
 * `retryAfterMs`, it waits that long. Before the first response, the provider's limit is unknown.
 *
 * Sets one timer, for the first waiting call. If the queue is full, the newest call fails with `QueueFullError`, which is
 * retryable. If a call is unsubscribed while it waits, nothing is sent.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { rateLimit } from 'crucible-ensemble/policies';
 *
 * const limited = rateLimit({ requestsPerMinute: 6000, burst: 3 });
 * const models = [1, 2, 3].map((seed) => limited(simulated({ id: `model-${seed}`, seed, accuracy: 1 })));
 * const { answer } = await createEnsemble({ models }).predict('What is 2 + 2?');
 * answer; // => '4'
 * ```
 */
export const rateLimit = (options: RateLimitOptions = {}): ((model: Model) => Model) => {
  return reading('rateLimit', () => {
    const { requestsPerMinute, tokensPerMinute, countTokens, burst, maxQueued } = checked(
      'rateLimit',
      options,
      {
        requestsPerMinute: wholeNumber(1),
        tokensPerMinute: wholeNumber(1),
        countTokens: [ofType('function'), quarterOfCharacters],
        burst: [wholeNumber(1), 1],
        maxQueued: [bound(0), Number.POSITIVE_INFINITY],
      },
      faultsOfBurst(options),
    );
    const estimateOf = (request: ModelRequest): number =>
      guarding(
        () => countTokens(request),
        (fault) => {
          warnOf(request, `countTokens of rateLimit ${fault}: the call counts as 0 tokens until it ends`);
          return 0;
        },
        tokenCount,
      );
    const gapMs = requestsPerMinute === undefined ? 0 : MINUTE_MS / (requestsPerMinute - burst + 1);
    const tokenMs = tokensPerMinute === undefined ? 0 : MINUTE_MS / tokensPerMinute;
    /** A provider looks back one minute. An odd usage or estimate must not hold the queue for years. */
    const counted = (tokens: number): number => Math.min(tokens, tokensPerMinute ?? tokens);
    const learned = createLearnedRate();
    // When the rate has caught up with all calls so far: by number, and by tokens.
    let requestsPaidAtMs = Number.NEGATIVE_INFINITY;
    let tokensPaidAtMs = Number.NEGATIVE_INFINITY;
    let timer: Subscription | undefined;

    const nextAtMs = (): number =>
      Math.max(requestsPaidAtMs - (burst - 1) * gapMs, tokensPaidAtMs, learned.nextAtMs());

    const calls = createGatedCalls<Entry>(
      'rateLimit',
      {
        needOf: (request) => ({ estimate: counted(estimateOf(request)), soFar: undefined }),
        tryEnter(entry) {
          const nowMs = currentClock()();
          if (nextAtMs() > nowMs) return false;
          requestsPaidAtMs = Math.max(nowMs, requestsPaidAtMs) + gapMs;
          tokensPaidAtMs = Math.max(nowMs, tokensPaidAtMs) + entry.estimate * tokenMs;
          entry.soFar = learned.started(nowMs, entry.estimate);
          return true;
        },
        leave({ estimate, soFar }, end) {
          tokensPaidAtMs += (counted(usedTokens(end.response) ?? estimate) - estimate) * tokenMs;
          if (soFar !== undefined) learned.ended(currentClock()(), soFar, end.response ?? end.error);
        },
        rest(isWaiting) {
          timer?.unsubscribe();
          timer = undefined;
          if (!isWaiting) return;
          timer = asyncScheduler.schedule(
            calls.advance,
            Math.min(Math.max(Math.ceil(nextAtMs() - currentClock()()), 1), MAX_DELAY_MS),
          );
        },
      },
      maxQueued,
    );
    return calls.policy;
  });
};

/** A call in the queue; `soFar` is set when it starts. */
interface Entry {
  readonly estimate: number;
  soFar: StartedSoFar | undefined;
}

/** Checks the only limit that depends on another one, if both are valid by themselves. */
const faultsOfBurst = (options: RateLimitOptions): readonly string[] => {
  const { requestsPerMinute = 1, burst = 1 } = options ?? {};
  return [requestsPerMinute, burst].every((count) => wholeNumber(1)(count) === undefined) &&
    burst > requestsPerMinute
    ? [`rateLimit: option "burst" must be at most "requestsPerMinute", but got ${burst}`]
    : [];
};

const quarterOfCharacters = ({ system = '', messages }: ModelRequest): number =>
  Math.ceil(messages.reduce((sum, { content }) => sum + writtenIn(content).length, system.length) / 4);

const tokenCount = between(0, Number.MAX_SAFE_INTEGER);

/** An invalid count counts as 0; the call is settled by its usage. */
const amount = (tokens: unknown): number =>
  typeof tokens === 'number' && tokens >= 0 && tokens < Number.POSITIVE_INFINITY ? tokens : 0;

const usedTokens = (response: ModelResponse | undefined): number | undefined => {
  const { inputTokens, outputTokens } = response?.usage ?? {};
  return inputTokens === undefined && outputTokens === undefined
    ? undefined
    : amount(inputTokens ?? 0) + amount(outputTokens ?? 0);
};
