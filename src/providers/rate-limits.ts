import { given } from '../domain/given.ts';
import type { ModelResponse } from '../domain/model.ts';
import { reportedByProvider } from '../domain/provider-report.ts';
import type { Allowance, RateLimits } from '../domain/rate-limits.ts';
import { believed } from './wait-time.ts';

/** The headers of a response, as far as they are used. */
export interface ReplyHeaders {
  get(name: string): string | null;
}

/** The rate limit headers of a provider. */
export interface RateDialect {
  /** Returns the name of a header. */
  readonly nameOf: (what: 'limit' | 'remaining' | 'reset', of: 'requests' | 'tokens') => string;
  /** Returns the time until a reset, in milliseconds; `NaN` if the header cannot be read. */
  readonly resetMs: (reset: string) => number;
}

const count = (text: string | null): number =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;

/** Reads rate limits from headers. Leaves out values that cannot be true. */
export const readRateLimits = (
  headers: ReplyHeaders,
  { nameOf, resetMs }: RateDialect,
): RateLimits | undefined => {
  const allowanceOf = (of: 'requests' | 'tokens'): Allowance | undefined => {
    const limit = count(headers.get(nameOf('limit', of)));
    const remaining = count(headers.get(nameOf('remaining', of)));
    const reset = headers.get(nameOf('reset', of));
    const resetAfterMs = reset === null ? undefined : believed(resetMs(reset));
    const allowance = {
      ...(limit >= 0 && { limit }),
      ...(remaining >= 0 && { remaining }),
      ...given({ resetAfterMs }),
    };
    return Object.keys(allowance).length === 0 ? undefined : allowance;
  };
  const requests = allowanceOf('requests');
  const tokens = allowanceOf('tokens');
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
};

/** Returns a response that also reports these rate limits. */
export const withRateLimits = (response: ModelResponse, rateLimits: RateLimits | undefined): ModelResponse =>
  rateLimits === undefined ? response : { ...response, ...reportedByProvider({ rateLimits }, response) };
