import { ConfigError, ModelError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import {
  CancelledError,
  InvalidQueryError,
  NoPredictionError,
  UserCodeError,
} from '../domain/no-prediction.ts';
import { type HttpError, RequestRefusal } from './request-refusal.ts';

/** What the failures of all members say together, if all of them say the same. */
const sharedFailures: readonly (readonly [names: readonly string[], HttpError])[] = [
  [
    ['BudgetExceededError'],
    { status: 402, type: 'insufficient_quota', code: 'insufficient_quota', message: '' },
  ],
  [
    ['RateLimitError', 'QueueFullError'],
    { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded', message: '' },
  ],
  [
    ['InvalidRequestError'],
    { status: 400, type: 'invalid_request_error', code: 'InvalidRequestError', message: '' },
  ],
];

/**
 * Converts an error of an ensemble to the status, the words and the message of an HTTP response.
 *
 * An ensemble that failed has already retried, so its status is one after which clients ask no more: 424 for a prediction
 * that is not possible, 402 if every member's budget is spent, 429 if the rate limit or the queue of every member is full,
 * 400 for an invalid query and if every provider refuses it, 499 if the client left. A server that is shutting down says 503.
 * Any other error is a 500, and its message is not repeated, because it may hold keys.
 *
 * @example
 * ```ts
 * import { AllModelsFailedError } from 'crucible-ensemble';
 * import { toHttpError } from 'crucible-ensemble/server';
 *
 * toHttpError(new AllModelsFailedError([])).status; // => 424
 * ```
 */
export const toHttpError = (error: unknown): HttpError => {
  if (isA(error, RequestRefusal)) return factsOf(error);
  if (isA(error, ConfigError) || isA(error, InvalidQueryError))
    return {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_request',
      message: error.message,
    };
  if (isA(error, CancelledError) && isA(error.cause, RequestRefusal)) return factsOf(error.cause);
  if (isA(error, CancelledError))
    return { status: 499, type: 'invalid_request_error', code: error.name, message: error.message };
  if (isA(error, UserCodeError)) return internalError(error.name);
  if (isA(error, NoPredictionError)) return ofPrediction(error);
  if (isA(error, ModelError)) return ofFailures([error], error);
  return internalError('internal_error');
};

const factsOf = ({ status, type, code, message, param, retryAfterMs, allow }: RequestRefusal): HttpError => ({
  status,
  type,
  code,
  message,
  param,
  retryAfterMs,
  allow,
});

const internalError = (code: string): HttpError => ({
  status: 500,
  type: 'server_error',
  code,
  message: 'the server failed; its log has the cause',
});

const ofPrediction = (error: NoPredictionError): HttpError => {
  const failures = error.outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []));
  const everyCallFailed = failures.length > 0 && failures.length === error.outcomes.length;
  return ofFailures(everyCallFailed ? failures : [], error);
};

const ofFailures = (
  failures: readonly ModelError[],
  { name, message }: { readonly name: string; readonly message: string },
): HttpError => {
  const shared = sharedFailures.find(
    ([names]) => failures.length > 0 && failures.every((failure) => names.includes(failure.name)),
  );
  return { ...(shared?.[1] ?? { status: 424, type: 'ensemble_error', code: name }), message };
};
