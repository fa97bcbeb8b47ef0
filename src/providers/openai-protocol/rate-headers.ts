import type { RateLimits } from '../../domain/rate-limits.ts';
import { type ReplyHeaders, readRateLimits } from '../rate-limits.ts';
import { durationMs } from '../retry-hint.ts';

/** Reads the `x-ratelimit-*` headers of OpenAI and of many compatible servers. Resets are durations. */
export const openaiRateLimits = (headers: ReplyHeaders): RateLimits | undefined =>
  readRateLimits(headers, {
    nameOf: (what, of) => `x-ratelimit-${what}-${of}`,
    resetMs: durationMs,
  });
