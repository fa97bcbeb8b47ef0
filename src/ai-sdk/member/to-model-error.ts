import {
  APICallError,
  EmptyResponseBodyError,
  InvalidArgumentError,
  InvalidPromptError,
  InvalidResponseDataError,
  JSONParseError,
  LoadAPIKeyError,
  LoadSettingError,
  NoContentGeneratedError,
  NoSuchModelError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { asyncScheduler } from 'rxjs';
import {
  AuthenticationError,
  InvalidRequestError,
  MalformedResponseError,
  ModelError,
} from '../../domain/errors.ts';
import { isA, readSafely } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { plainName } from '../../domain/quoting.ts';
import { cannotBeSent } from '../../providers/cannot-be-sent.ts';
import { connectionError, networkCode } from '../../providers/connection-error.ts';
import { httpError } from '../../providers/http-error.ts';
import { errorCode } from '../../providers/openai-protocol/error-code.ts';
import { errorInReply } from '../../providers/openai-protocol/failure-in.ts';
import { parsedJson } from '../../providers/openai-protocol/parse-json.ts';
import { headersIn, retryHints } from '../../providers/retry-hint.ts';
import { sdkError } from '../../providers/sdk-error.ts';
import { requestIdOf } from './to-response.ts';

/**
 * Converts an error of a model of the AI SDK, or one within its stream, to a typed error. Keeps status, code, retry hint and
 * request id. Drops the error itself, because it has the prompt, the headers and the body of the response.
 */
export const toModelError = (id: string, error: unknown): ModelError => {
  if (isA(error, ModelError)) return error;
  // Providers put the error of an event into the stream as it came.
  if (!isA(error, Error)) return errorInReply(id, error);
  const status = readSafely(error, 'statusCode');
  if (typeof status === 'number') return replyError(id, error, status);
  if (APICallError.isInstance(error)) return connectionError(id, error);
  if (UnsupportedFunctionalityError.isInstance(error))
    return cannotBeSent(id, plainName(error.functionality));
  if (isOneOf(error, [LoadAPIKeyError, LoadSettingError]))
    return new AuthenticationError(
      id,
      'its provider has no key, or lacks another setting: give it where the provider is made',
      { costUsd: 0 },
    );
  if (isOneOf(error, [InvalidArgumentError, InvalidPromptError, NoSuchModelError]))
    return new InvalidRequestError(
      id,
      'the AI SDK rejected the request: check the model name and its options',
      {
        costUsd: 0,
      },
    );
  return isOneOf(error, UNREADABLE) ? unreadable(id) : sdkError(id, error);
};

/** The error of a reply. The AI SDK makes one also of a reply with status 200 that it cannot read. */
const replyError = (id: string, error: Error, status: number): ModelError => {
  const headers = headersIn({ headers: readSafely(error, 'responseHeaders') });
  const text = readSafely(error, 'responseBody');
  const body =
    readSafely(error, 'data') ?? (typeof text === 'string' ? (parsedJson(text)?.value ?? text) : undefined);
  if (status < 300) return networkCode(error) === undefined ? unreadable(id) : connectionError(id, error);
  const hints = retryHints({ headers, status, body, nowMs: asyncScheduler.now() });
  const isRetryable = readSafely(error, 'isRetryable');
  return httpError(id, {
    status,
    body,
    ...hints,
    ...(hints.shouldRetry === undefined && typeof isRetryable === 'boolean' && { shouldRetry: isRetryable }),
    ...given({
      code: errorCode(body),
      requestId: requestIdOf({ headers: readSafely(error, 'responseHeaders') }),
    }),
  });
};

const unreadable = (id: string): MalformedResponseError =>
  new MalformedResponseError(
    id,
    'the AI SDK could not read the response: check the provider and its base URL',
  );

/** A class of errors that also knows those of other copies of the package. */
interface ErrorKind {
  isInstance(error: unknown): boolean;
}

const UNREADABLE: readonly ErrorKind[] = [
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  NoContentGeneratedError,
  TypeValidationError,
];

const isOneOf = (error: unknown, kinds: readonly ErrorKind[]): boolean =>
  kinds.some((kind) => kind.isInstance(error));
