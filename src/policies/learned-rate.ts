import { CircuitOpenError, ModelError } from '../domain/errors.ts';
import { isA, readSafely } from '../domain/foreign.ts';
import { providerRateLimits } from '../domain/provider-report.ts';

/** A count of the calls that had started when a call did, itself included, and of their estimated tokens. */
export interface StartedSoFar {
  readonly calls: number;
  readonly tokens: number;
}

/** The spacing of calls that a provider's reports ask for. */
export interface LearnedRate {
  /** Returns when the next call may start; a time in the past if it may start now. */
  nextAtMs(): number;
  /** Enters the start of a call with an estimate of its tokens. */
  started(nowMs: number, tokens: number): StartedSoFar;
  /** Enters the end of a call, with its response or error. */
  ended(nowMs: number, started: StartedSoFar, output: unknown): void;
}

/** The time between two starts: for each unit that the first of them took, and at most. */
interface Spacing {
  readonly unitMs: number;
  readonly mostMs: number;
}

/** The longest pause after a refusal, in milliseconds: one day. A model of the caller may ask for any. */
const LONGEST_PAUSE_MS = 86_400_000;

const FREE: Spacing = { unitMs: 0, mostMs: 0 };

/** A number that a provider reported; `undefined` if it is none. A model of the caller may report anything. */
const numberIn = (reported: unknown, name: string): number | undefined => {
  const value = readSafely(reported, name);
  return typeof value === 'number' ? value : undefined;
};

/** The resolution of timers: calls that are due within it start together. */
const GRAIN_MS = 1;

/**
 * Learns the pace that rate headers and refusals ask for. What is left of a limit is spread evenly over the time until the
 * limit resets. If nothing is left, or if a refusal says how long to wait, no call starts until then. So that no burst
 * follows the pause, calls after a refusal start as far apart as that wait was long. Each response halves this spacing,
 * and rate headers replace it.
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
  // The sequence number of the call whose rate headers are in force; later calls have newer headers.
  let reportedBy = 0;

  const hold = (untilMs: number): void => {
    heldUntilMs = Math.max(heldUntilMs, untilMs);
  };
  const spacingBy = (before: Spacing, reported: unknown, spentSince: number, nowMs: number): Spacing => {
    const [limit, remaining, resetAfterMs] = ['limit', 'remaining', 'resetAfterMs'].map((name) =>
      numberIn(reported, name),
    );
    if (remaining === undefined || resetAfterMs === undefined) return before;
    if (remaining < 1) hold(nowMs + resetAfterMs);
    // A limit that was used up is spread, after its reset, over as much time as the reset took.
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
      if (told !== undefined && started.calls > reportedBy) {
        reportedBy = started.calls;
        requests = spacingBy(requests, readSafely(told, 'requests'), soFar.calls - started.calls, nowMs);
        tokens = spacingBy(tokens, readSafely(told, 'tokens'), soFar.tokens - started.tokens, nowMs);
      }
      if (isA(output, ModelError)) {
        const retryAfterMs = Math.min(numberIn(output, 'retryAfterMs') ?? 0, LONGEST_PAUSE_MS);
        // The hint of an open circuit does not come from the provider.
        if (!(retryAfterMs > 0) || isA(output, CircuitOpenError)) return;
        hold(nowMs + retryAfterMs);
        afterPauseMs = Math.max(afterPauseMs, retryAfterMs);
        callsBeforePause = soFar.calls;
      } else if (started.calls > callsBeforePause) {
        afterPauseMs = told !== undefined || afterPauseMs < GRAIN_MS ? 0 : afterPauseMs / 2;
      }
    },
  };
};
