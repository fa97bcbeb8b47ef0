import type { RateLimits } from '../../domain/rate-limits.ts';
import { type ReplyHeaders, readRateLimits } from '../rate-limits.ts';
import { dateOf, untilResetMs } from '../wait-time.ts';

/** Constants, because V8 looks up a name that is put together for each reply by its characters. */
const NAMES = {
  requests: {
    limit: 'x-ratelimit-limit-requests',
    remaining: 'x-ratelimit-remaining-requests',
    reset: 'x-ratelimit-reset-requests',
  },
  tokens: {
    limit: 'x-ratelimit-limit-tokens',
    remaining: 'x-ratelimit-remaining-tokens',
    reset: 'x-ratelimit-reset-tokens',
  },
};

/**
 * Reads the `x-ratelimit-*` headers of OpenAI and of many compatible servers. Resets are durations, at other servers
 * seconds or points in time, which are compared with the `date` of the same response.
 */
export const openaiRateLimits = (headers: ReplyHeaders): RateLimits | undefined =>
  readRateLimits(headers, {
    nameOf: (what, of) => NAMES[of][what],
    resetMs: (reset) => untilResetMs(reset, dateOf(headers)),
  });
