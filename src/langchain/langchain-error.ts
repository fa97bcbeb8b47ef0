import { asyncScheduler } from 'rxjs';
import type { ModelError } from '../domain/errors.ts';
import { isObject } from '../domain/is-object.ts';
import { httpError } from '../providers/http-error.ts';
import { retryHints } from '../providers/retry-hint.ts';
import { sdkError } from '../providers/sdk-error.ts';

/** The fields in which clients of providers put the status of a response. */
const STATUS = [...['status', 'statusCode', 'code', 'httpStatusCode', '$metadata', 'response', 'cause']];

/**
 * Converts an error of a chat model of LangChain to a typed error, without the message of the provider, its headers and its key.
 * Chat models fail with the errors of the SDKs of their providers.
 */
export const langchainError = (model: string, error: unknown): ModelError => {
  const status = statusIn(error);
  if (status === undefined || (isObject(error) && 'headers' in error && 'error' in error))
    return sdkError(model, error);
  const headers = isObject(error) ? Reflect.get(error, 'headers') : undefined;
  return httpError(model, {
    status,
    ...retryHints({
      status,
      headers: headers instanceof Headers ? headers : undefined,
      body: undefined,
      nowMs: asyncScheduler.now(),
    }),
  });
};

/** The HTTP status that an error has, perhaps in an object within it. */
const statusIn = (error: unknown, depth = 0): number | undefined => {
  if (!isObject(error) || depth > 3) return undefined;
  for (const field of STATUS) {
    const value: unknown = Reflect.get(error, field);
    if (Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599) return Number(value);
    const within = statusIn(value, depth + 1);
    if (within !== undefined) return within;
  }
  return undefined;
};
