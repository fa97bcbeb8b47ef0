import { asyncScheduler } from 'rxjs';
import { AuthenticationError, type ModelError } from '../../domain/errors.ts';
import { httpError } from '../http-error.ts';
import { retryHintMs, retryInfoMs } from '../retry-hint.ts';
import { asObject } from './as-object.ts';

type Headers = Parameters<typeof retryHintMs>[0];

/**
 * The typed error for a refusal of the API: by its status, its code word, and its hint on when to try again, which
 * stands in the body.
 *
 * @param body the body of the refusal, as text or parsed.
 */
export const refusalError = (model: string, status: number, body: unknown, headers?: Headers): ModelError => {
  const error = innermost(body);
  const details = Array.isArray(error.details) ? error.details.map(asObject) : [];
  const reason = details.map((detail) => detail.reason).find((word) => typeof word === 'string');
  const code = [reason, error.status].find((word) => typeof word === 'string');
  // A key that is wrong is answered with 400 here, and not with 401.
  if (typeof reason === 'string' && reason.startsWith('API_KEY_')) {
    return new AuthenticationError(model, `the provider refused the key with ${status}`, { status });
  }
  // Of a quota that is used up for the day, the API says as well to try again in some seconds.
  const isOutForToday = details.some(isDailyQuota);
  return httpError(model, {
    status,
    code,
    ...(isOutForToday
      ? { shouldRetry: false }
      : { retryAfterMs: retryInfoMs(details) ?? retryHintMs(headers, asyncScheduler.now()) }),
  });
};

/** The error in a body. It may be in a list, and its message may be another body: from proxies within the API. */
const innermost = (body: unknown, depth = 0): Readonly<Record<string, unknown>> => {
  const parsed = typeof body === 'string' ? parse(body) : body;
  const error = asObject(asObject(Array.isArray(parsed) ? parsed[0] : parsed).error);
  if (depth === 3 || typeof error.message !== 'string') return error;
  const inner = innermost(error.message, depth + 1);
  return Object.keys(inner).length === 0 ? error : inner;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isDailyQuota = ({ violations }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(violations) &&
  violations.some((violation) => String(asObject(violation).quotaId).includes('PerDay'));
