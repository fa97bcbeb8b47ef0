import { asyncScheduler } from 'rxjs';
import { AuthenticationError, type ModelError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';
import { httpError } from '../http-error.ts';
import { statusIn, statusOf } from '../openai-protocol/error-code.ts';
import { hasError } from '../openai-protocol/failure-in.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { retryHints } from '../retry-hint.ts';
import { isContent } from './content.ts';

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
    body,
    code,
    ...retryHints({ headers, status, body, nowMs: asyncScheduler.now() }),
  });
};

/** Returns the error in a response or an event of a reply with status 200, by its code or its word for the status. */
export const errorInReply = (model: string, body: unknown, headers?: ReplyHeaders): ModelError => {
  const error = innermost(body);
  const words = [error.code, error.errorCode, error.error_code, error.status, error.type];
  const known = [...words.map((code) => statusOf({ error: { code } })), statusOf({ error: error.sentence })];
  const status = error.status === 'FAILED_PRECONDITION' ? 400 : (known.find((one) => one !== 500) ?? 500);
  return refusalError(model, { status, body, headers, isWithinReply: true });
};

/** Whether a response or an event is an error, also in an array. */
export const isError = (body: unknown): boolean => errorIn(body) !== undefined;

/**
 * Returns the error in a body, or in an item of an array. Some servers write it without an object around it. Next to an answer,
 * `{}`, `''` and `false` are no errors.
 */
const errorIn = (body: unknown): unknown => {
  if (Array.isArray(body)) return body.map(errorIn).find((error) => error !== undefined);
  const { error, code, status, type, error_code, errorCode } = asObject(body);
  if (hasError(body)) return error;
  if (Number(error_code ?? errorCode ?? 0) !== 0) return body;
  if (isContent(body)) return undefined;
  if (isObject(error)) return error;
  const isBare = [code, status].some(
    (word) => isStatusWord(word) || statusIn({ error: { code: word } }) !== undefined,
  );
  return isBare || type === 'error' ? body : undefined;
};

/** The words for an error of Google's APIs. */
const isStatusWord = (word: unknown): boolean =>
  typeof word === 'string' &&
  /^(?:CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|PERMISSION_DENIED|UNAUTHENTICATED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS)$/.test(
    word,
  );

/** Returns the error in a body. Proxies within the API may wrap it in an array, or in the message of another error. */
const innermost = (body: unknown, depth = 0): Readonly<Record<string, unknown>> => {
  const found = errorIn(typeof body === 'string' ? parse(body) : body);
  const error = typeof found === 'string' ? { message: found, sentence: found } : asObject(found);
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
