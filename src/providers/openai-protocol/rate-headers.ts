import type { RateLimits } from '../../domain/rate-limits.ts';
import { type ReplyHeaders, readRateLimits } from '../rate-limits.ts';

/** Matches a duration such as `1h2m3.5s` or `12ms`. */
const UNITS =
  /^(?:(\d{1,4})h)?(?:(\d{1,5})m(?!s))?(?:(\d{1,7}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?$/;

const durationMs = (text: string): number => {
  const [, hours, minutes, seconds, milliseconds] = (text !== '' && UNITS.exec(text)) || [];
  if ((hours ?? minutes ?? seconds ?? milliseconds) === undefined) return Number.NaN;
  return (
    Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000 +
    Number(seconds ?? 0) * 1000 +
    Number(milliseconds ?? 0)
  );
};

/** Reads the `x-ratelimit-*` headers of OpenAI and of many compatible servers. Resets are durations. */
export const openaiRateLimits = (headers: ReplyHeaders): RateLimits | undefined =>
  readRateLimits(headers, {
    nameOf: (what, of) => `x-ratelimit-${what}-${of}`,
    resetMs: durationMs,
  });
