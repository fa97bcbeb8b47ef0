import { asyncScheduler } from 'rxjs';
import { AuthenticationError, type ModelError } from '../../domain/errors.ts';
import { asObject } from '../as-object.ts';
import { httpError } from '../http-error.ts';
import { statusOf } from '../openai-protocol/error-code.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { retryHints } from '../retry-hint.ts';

/** An error response of the API. */
interface ErrorResponse {
  readonly status: number;
  /** The body, as text or parsed. */
  readonly body?: unknown;
  readonly headers?: ReplyHeaders | undefined;
  /** Whether the error is within a reply with status 200. */
  readonly isWithinReply?: boolean;
}

/** Converts an error response to a typed error, by its status, its code and the retry hint in its body. */
export const refusalError = (
  model: string,
  { status, body, headers, isWithinReply = false }: ErrorResponse,
): ModelError => {
  const error = innermost(body);
  const details = Array.isArray(error.details) ? error.details.map(asObject) : [];
  const reason = details.map((detail) => detail.reason).find((word) => typeof word === 'string');
  const code = [reason, error.status].find((word) => typeof word === 'string');
  // The API answers an invalid key with 400 and not with 401.
  if (typeof reason === 'string' && reason.startsWith('API_KEY_')) {
    return new AuthenticationError(model, `the provider rejected the key (${status}): check the key`, {
      ...(isWithinReply ? { status: 200 } : { status, costUsd: 0 }),
    });
  }
  return httpError(model, {
    status,
    isWithinReply,
    code,
    ...retryHints({ headers, status, body, nowMs: asyncScheduler.now() }),
  });
};

/** Returns the error in a response or an event of a reply with status 200, by its code or its word for the status. */
export const errorInReply = (model: string, body: unknown, headers?: ReplyHeaders): ModelError => {
  const { code, status: word } = innermost(body);
  const known = [statusOf({ error: { code } }), statusOf({ error: { code: word } })];
  const status = word === 'FAILED_PRECONDITION' ? 400 : (known.find((one) => one !== 500) ?? 500);
  return refusalError(model, { status, body, headers, isWithinReply: true });
};

/** Whether a response or an event is an error, also in an array. */
export const isError = (body: unknown): boolean => {
  const { error } = asObject(Array.isArray(body) ? body[0] : body);
  return (error ?? null) !== null;
};

/** Returns the error in a body. Proxies within the API may wrap it in an array, or in the message of another error. */
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
