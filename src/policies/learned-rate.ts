import { CircuitOpenError, ModelError } from '../domain/errors.ts';
import { providerRateLimits } from '../domain/provider-report.ts';
import type { Allowance } from '../domain/rate-limits.ts';

/** What had been started when a call did: how many calls, it included, and about how many tokens of theirs. */
export interface StartedSoFar {
  readonly calls: number;
  readonly tokens: number;
}

/** How calls are to be spaced by what a provider has said so far. */
export interface LearnedRate {
  /** When the next call may start; in the past where nothing holds it back. */
  nextAtMs(): number;
  /** A call of about so many tokens starts. */
  started(nowMs: number, tokens: number): StartedSoFar;
  /** A call has ended, with a response or an error. */
  ended(nowMs: number, started: StartedSoFar, output: unknown): void;
}

/** How far apart starts are for each unit that the last one took, and at the most. */
interface Spacing {
  readonly unitMs: number;
  readonly mostMs: number;
}

const FREE: Spacing = { unitMs: 0, mostMs: 0 };

/** What timers can tell apart: calls closer together than this start together, as many as belong into it. */
const GRAIN_MS = 1;

/**
 * The pace that rate headers and refusals ask for. What is left of a limit is spread evenly over the time until it
 * is whole again. Where nothing is left, and where a refusal says how long to wait, nobody starts until then; what
 * follows a refusal starts as far apart as that wait was long, and each answer to it halves that, or its rate
 * headers replace it, so that a pause is never followed by a burst.
 */
export const createLearnedRate = (): LearnedRate => {
  let soFar: StartedSoFar = { calls: 0, tokens: 0 };
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let lastTokens = 0;
  let grainFromMs = Number.NEGATIVE_INFINITY;
  let startsInGrain = 0;
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  let afterPauseMs = 0;
  let callsBeforePause = 0;
  let requests = FREE;
  let tokens = FREE;
  // Whose headers are heeded: what a later call was told is newer.
  let toldBy = 0;

  const hold = (untilMs: number): void => {
    heldUntilMs = Math.max(heldUntilMs, untilMs);
  };
  const heed = (before: Spacing, told: Allowance | undefined, spentSince: number, nowMs: number): Spacing => {
    const { limit, remaining, resetAfterMs } = told ?? {};
    if (remaining === undefined || resetAfterMs === undefined) return before;
    if (remaining < 1) hold(nowMs + resetAfterMs);
    // A limit that was used up is to last, once it is whole again, for as long as it took to come back.
    const left = remaining < 1 ? (limit ?? 1) : remaining - spentSince;
    return { unitMs: resetAfterMs / Math.max(left, 1), mostMs: resetAfterMs };
  };

  return {
    nextAtMs() {
      const tokensMs = Math.min(tokens.mostMs, lastTokens * tokens.unitMs);
      const apartMs = Math.max(afterPauseMs, requests.unitMs, tokensMs);
      if (apartMs >= GRAIN_MS) return Math.max(heldUntilMs, lastAtMs + apartMs);
      return startsInGrain * apartMs < GRAIN_MS ? heldUntilMs : Math.max(heldUntilMs, grainFromMs + GRAIN_MS);
    },
    started(nowMs, estimate) {
      if (nowMs - grainFromMs >= GRAIN_MS) {
        grainFromMs = nowMs;
        startsInGrain = 0;
      }
      startsInGrain += 1;
      lastAtMs = nowMs;
      lastTokens = estimate;
      soFar = { calls: soFar.calls + 1, tokens: soFar.tokens + estimate };
      return soFar;
    },
    ended(nowMs, started, output) {
      const told = providerRateLimits(output);
      if (told !== undefined && started.calls > toldBy) {
        toldBy = started.calls;
        requests = heed(requests, told.requests, soFar.calls - started.calls, nowMs);
        tokens = heed(tokens, told.tokens, soFar.tokens - started.tokens, nowMs);
      }
      if (output instanceof ModelError) {
        const { retryAfterMs = 0 } = output;
        // When an open circuit is tried again is no word of the provider's.
        if (!(retryAfterMs > 0) || output instanceof CircuitOpenError) return;
        hold(nowMs + retryAfterMs);
        afterPauseMs = Math.max(afterPauseMs, retryAfterMs);
        callsBeforePause = soFar.calls;
      } else if (started.calls > callsBeforePause) {
        afterPauseMs = told !== undefined || afterPauseMs < GRAIN_MS ? 0 : afterPauseMs / 2;
      }
    },
  };
};
