import type { RateLimits } from '../../domain/rate-limits.ts';
import { type ReplyHeaders, readRateLimits } from '../rate-limits.ts';

/**
 * What `anthropic-ratelimit-*` headers say is left. Resets are times of day: how long it is until them is told by
 * the `date` of the same reply and not by the clock here, which may be wrong, or be set while the call is out.
 */
export const anthropicRateLimits = (headers: ReplyHeaders): RateLimits | undefined =>
  readRateLimits(headers, {
    nameOf: (what, of) => `anthropic-ratelimit-${of}-${what}`,
    resetMs: (reset) => Date.parse(reset) - Date.parse(headers.get('date') ?? ''),
  });
