import {
  AuthenticationError,
  InvalidRequestError,
  ModelError,
  ProviderError,
  RateLimitError,
} from '../domain/errors.ts';
import { reportedByProvider } from '../domain/provider-report.ts';
import type { RateLimits } from '../domain/rate-limits.ts';

/** What a provider's refusal says about itself. */
export interface Refusal {
  readonly status: number;
  /** The provider's own short word for it, such as `insufficient_quota`. Never its prose, which may quote the key. */
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  readonly rateLimits?: RateLimits | undefined;
  /** Whether the provider itself says that trying again is of use. */
  readonly shouldRetry?: boolean | undefined;
}

/** A word, and not prose: what a provider's code may look like if it is to be repeated. */
const word = /^[\w.:-]{1,64}$/;

/** The typed error for an HTTP status other than 2xx. Says status and code, and nothing of what the body says. */
export const httpError = (model: string, refusal: Refusal): ModelError => {
  const { status, code, retryAfterMs, requestId, shouldRetry } = refusal;
  const named = code !== undefined && word.test(code) ? ` (${code})` : '';
  const known = {
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(requestId !== undefined && { requestId }),
    ...reportedByProvider({ rateLimits: refusal.rateLimits }),
  };
  if (status === 401 || status === 403) {
    return new AuthenticationError(model, `the provider refused the key with ${status}${named}`, known);
  }
  if (status === 429) {
    const isRetryable = shouldRetry ?? true;
    return new RateLimitError(model, `the provider's rate limit is reached${named}`, {
      ...known,
      isRetryable,
    });
  }
  if (status === 408 || status === 409 || status >= 500) {
    return new ProviderError(model, `the provider failed with ${status}${named}`, {
      ...known,
      isRetryable: shouldRetry ?? true,
    });
  }
  if (status >= 400) {
    return new InvalidRequestError(model, `the provider refused the request with ${status}${named}`, known);
  }
  return new ModelError(model, `the provider answered with status ${status}`, known);
};
