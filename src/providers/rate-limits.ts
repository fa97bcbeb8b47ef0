import type { ModelResponse } from '../domain/model.ts';
import { reportedByProvider } from '../domain/provider-report.ts';
import type { Allowance, RateLimits } from '../domain/rate-limits.ts';

/** What is used of the headers of a reply. */
export interface ReplyHeaders {
  get(name: string): string | null;
}

/** How a provider words its rate headers. */
export interface RateDialect {
  readonly nameOf: (what: 'limit' | 'remaining' | 'reset', of: 'requests' | 'tokens') => string;
  /** How long until a reset, in milliseconds; `NaN` where the header says nothing of the kind. */
  readonly resetMs: (reset: string) => number;
}

/** The longest time to a reset that is believed, in milliseconds: a day. */
const LONGEST_RESET_MS = 86_400_000;

const count = (text: string | null): number =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;

/** What headers say in a provider's dialect. What cannot be true is left out, and the rest is kept. */
export const readRateLimits = (
  headers: ReplyHeaders,
  { nameOf, resetMs }: RateDialect,
): RateLimits | undefined => {
  const allowanceOf = (of: 'requests' | 'tokens'): Allowance | undefined => {
    const limit = count(headers.get(nameOf('limit', of)));
    const remaining = count(headers.get(nameOf('remaining', of)));
    const reset = headers.get(nameOf('reset', of));
    const afterMs = reset === null ? Number.NaN : Math.max(0, resetMs(reset));
    const allowance = {
      ...(limit >= 0 && { limit }),
      ...(remaining >= 0 && { remaining }),
      ...(afterMs <= LONGEST_RESET_MS && { resetAfterMs: afterMs }),
    };
    return Object.keys(allowance).length === 0 ? undefined : allowance;
  };
  const requests = allowanceOf('requests');
  const tokens = allowanceOf('tokens');
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
};

/** Returns a response that also reports these rate limits. */
export const withRateLimits = (
  response: ModelResponse,
  rateLimits: RateLimits | undefined,
): ModelResponse => ({
  ...response,
  ...reportedByProvider({ rateLimits }, response),
});
