import type { RateLimits } from '../../domain/rate-limits.ts';
import { type ReplyHeaders, readRateLimits } from '../rate-limits.ts';

/**
 * Reads the `anthropic-ratelimit-*` headers. Resets are points in time. They are compared with the `date` of the same
 * response, because the local clock may be wrong.
 */
export const anthropicRateLimits = (headers: ReplyHeaders): RateLimits | undefined =>
  readRateLimits(headers, {
    nameOf: (what, of) => `anthropic-ratelimit-${of}-${what}`,
    resetMs: (reset) => Date.parse(reset) - Date.parse(headers.get('date') ?? ''),
  });
