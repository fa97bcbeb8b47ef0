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
import { errorParts } from './error-parts.ts';

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
  /** The body, for the sentence of the provider. */
  readonly body?: unknown;
}

/** What an error does not show by itself: the body of the refusal, and the advice at the end of its message. */
interface Background {
  readonly body: unknown;
  /** The advice, and what is left of it for a call that is repeated anyway. */
  readonly advice?: readonly [advice: string, ifRepeated: string];
}

const backgrounds = new WeakMap<ModelError, Background>();

/** Leaves the advice to repeat the call out of the message of an error, for a call that a policy repeats anyway. */
export const withoutRetryAdvice = (error: ModelError): ModelError => {
  const [advice, ifRepeated] = backgrounds.get(error)?.advice ?? [];
  return advice === undefined ? error : reworded(error, advice, ifRepeated ?? '');
};

const reworded = <Refused extends ModelError>(error: Refused, words: string, others: string): Refused => {
  for (const name of ['message', 'stack'] as const) {
    const text = error[name];
    // By a function, because `$` in a text has a meaning.
    if (typeof text === 'string')
      Object.defineProperty(error, name, { value: text.replace(words, () => others) });
  }
  return error;
};

/** Returns the body of the refusal that an error was made of. */
export const bodyOf = (error: ModelError): unknown => backgrounds.get(error)?.body;

const OPTIONS_HINT = 'check the model name and its options';

/** Replaces the general hint of an error about an invalid request. */
export const withHint = <Refused extends ModelError>(error: Refused, hint: string): Refused =>
  reworded(error, OPTIONS_HINT, hint);

/** Returns the provider's own sentence about a failure; `undefined` if it wrote none. */
export const sentenceOf = (error: ModelError): string | undefined => {
  const { objects, texts } = errorParts(bodyOf(error));
  const sentences = objects.flatMap(({ message, msg, detail }) => [message, msg, detail]);
  return [...sentences, ...texts].findLast((text) => typeof text === 'string' && text.trim() !== '') as
    | string
    | undefined;
};

/** A code that is safe to repeat: one word. */
const word = /^[\w.:-]{1,64}$/;

/**
 * Converts an HTTP status other than 2xx to a typed error. The message has status and code, and nothing else of the body.
 * A refusal with 4xx costs nothing. What a failure with 5xx, or within a reply with status 200, costs is unknown.
 */
export const httpError = (model: string, refusal: Refusal): ModelError => {
  const { error, advice } = typedError(model, refusal);
  backgrounds.set(error, { body: refusal.body, ...(advice !== undefined && { advice }) });
  return error;
};

const typedError = (
  model: string,
  refusal: Refusal,
): { readonly error: ModelError; readonly advice?: Background['advice'] } => {
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
    const message = `the provider rejected the key ${named}: check the key`;
    return { error: new AuthenticationError(model, message, known) };
  }
  if (status === 403) {
    const message = `the provider denied access ${named}: check that the key may use this model`;
    return { error: new AuthenticationError(model, message, known) };
  }
  if (status === 429) {
    if (!transient.isRetryable) {
      const message = `the quota is used up ${named}: check the account's plan and billing`;
      return { error: new RateLimitError(model, message, transient) };
    }
    const advice = ['"rateLimit" or "retry"', '"rateLimit"'] as const;
    const message = `the rate limit is reached ${named}: set ${advice[0]}`;
    return { error: new RateLimitError(model, message, transient), advice };
  }
  if (status === 408 || status === 409 || status >= 500) {
    const advice = [': try again, or set "retry"', ''] as const;
    const message = `the provider failed ${named}${transient.isRetryable ? advice[0] : ''}`;
    return { error: new ProviderError(model, message, transient), advice };
  }
  if (status >= 400) {
    const hint = status === 404 ? 'check the model name and "baseURL"' : OPTIONS_HINT;
    const message = `the provider rejected the request ${named}: ${hint}`;
    return { error: new InvalidRequestError(model, message, known) };
  }
  if (status >= 300) {
    const message = `the provider redirected the request ${named}, and redirects are not followed: check "baseURL"`;
    return { error: new ModelError(model, message, known) };
  }
  const message = `the provider answered with an unexpected status ${named}`;
  return { error: new ModelError(model, message, known) };
};
