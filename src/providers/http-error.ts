import {
  AuthenticationError,
  InvalidRequestError,
  ModelError,
  ProviderError,
  RateLimitError,
} from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { reportedByProvider } from '../domain/provider-report.ts';
import type { RateLimits } from '../domain/rate-limits.ts';

/** An HTTP response with an error status, or an error within a response. */
export interface Refusal {
  readonly status: number;
  /** Whether the error is within a reply with status 200; `status` is then that of the same error alone. */
  readonly isWithinReply?: boolean | undefined;
  /** The provider's short code, such as `insufficient_quota`. Never its message, which may quote the key. */
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  readonly rateLimits?: RateLimits | undefined;
  /** Whether a retry can help, if the provider says so. */
  readonly shouldRetry?: boolean | undefined;
}

/** A code that is safe to repeat: one word. */
const word = /^[\w.:-]{1,64}$/;

/**
 * Converts an HTTP status other than 2xx to a typed error. The message has status and code, and nothing else of the body.
 * A refusal with 4xx costs nothing. What a failure with 5xx, or within a reply with status 200, costs is unknown.
 */
export const httpError = (model: string, refusal: Refusal): ModelError => {
  const { status, isWithinReply = false, retryAfterMs, requestId, shouldRetry } = refusal;
  const code = refusal.code !== undefined && word.test(refusal.code) ? refusal.code : undefined;
  const spelled = code === undefined ? `${status}` : `${status} ${code}`;
  const named = isWithinReply ? `(${spelled}, within a reply with status 200)` : `(${spelled})`;
  const known = {
    status: isWithinReply ? 200 : status,
    ...(status >= 400 && status < 500 && !isWithinReply && { costUsd: 0 }),
    ...given({ code, retryAfterMs, requestId }),
    ...reportedByProvider({ rateLimits: refusal.rateLimits }),
  };
  const transient = { ...known, isRetryable: shouldRetry ?? true };
  if (status === 401) {
    return new AuthenticationError(model, `the provider rejected the key ${named}: check the key`, known);
  }
  if (status === 403) {
    const message = `the provider denied access ${named}: check that the key may use this model`;
    return new AuthenticationError(model, message, known);
  }
  if (status === 429) {
    const message = transient.isRetryable
      ? `the rate limit is reached ${named}: set "rateLimit" or "retry"`
      : `the quota is used up ${named}: check the account's plan and billing`;
    return new RateLimitError(model, message, transient);
  }
  if (status === 408 || status === 409 || status >= 500) {
    const advice = transient.isRetryable ? ': try again, or set "retry"' : '';
    return new ProviderError(model, `the provider failed ${named}${advice}`, transient);
  }
  if (status >= 400) {
    const hint = status === 404 ? 'the model name and "baseURL"' : 'the model name and its options';
    return new InvalidRequestError(model, `the provider rejected the request ${named}: check ${hint}`, known);
  }
  if (status >= 300) {
    const message = `the provider redirected the request ${named}, and redirects are not followed: check "baseURL"`;
    return new ModelError(model, message, known);
  }
  return new ModelError(model, `the provider answered with an unexpected status ${named}`, known);
};
