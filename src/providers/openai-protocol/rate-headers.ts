import type { RateLimits } from '../../domain/rate-limits.ts';
import { type ReplyHeaders, readRateLimits } from '../rate-limits.ts';
import { dateOf, untilResetMs } from '../wait-time.ts';

/**
 * Reads the `x-ratelimit-*` headers of OpenAI and of many compatible servers. Resets are durations, at other servers
 * seconds or points in time, which are compared with the `date` of the same response.
 */
export const openaiRateLimits = (headers: ReplyHeaders): RateLimits | undefined =>
  readRateLimits(headers, {
    nameOf: (what, of) => `x-ratelimit-${what}-${of}`,
    resetMs: (reset) => untilResetMs(reset, dateOf(headers)),
  });
