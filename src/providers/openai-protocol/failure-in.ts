import { asyncScheduler } from 'rxjs';
import type { ModelError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';
import { isInterrupted } from '../finish-reason.ts';
import { httpError } from '../http-error.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { retryHints } from '../retry-hint.ts';
import { firstChoices } from './choices.ts';
import { errorCode, statusIn, statusOf } from './error-code.ts';

/**
 * Returns the error in a reply or an event with status 200: some servers send the status before the answer fails. Only
 * the choice that is read may fail the call.
 */
export const failureIn = (model: string, body: unknown, headers?: ReplyHeaders): ModelError | undefined => {
  const { choices } = asObject(body);
  const holder = [body, ...firstChoices(choices)].find(hasError);
  if (holder !== undefined) return errorInReply(model, holder, headers);
  const interrupted = firstChoices(choices).find(({ finish_reason }) => isInterrupted(finish_reason));
  if (interrupted !== undefined)
    return errorInReply(model, { error: { code: interrupted.finish_reason } }, headers);
  return choices === undefined && isBareError(body) ? errorInReply(model, body, headers) : undefined;
};

/** Returns the error that a provider wrote into a reply with status 200. */
export const errorInReply = (model: string, body: unknown, headers?: ReplyHeaders): ModelError => {
  const code = errorCode(body);
  const status = statusOf(body);
  return httpError(model, {
    status,
    isWithinReply: true,
    code,
    ...retryHints({ headers, status, body, nowMs: asyncScheduler.now() }),
  });
};

/** Whether a body has an error that is one: `{}`, `''` and `false` are none. */
export const hasError = (holder: unknown): boolean => {
  const { error } = asObject(Array.isArray(holder) ? holder[0] : holder);
  return isObject(error) ? Object.keys(error).length > 0 : Boolean(error);
};

/** Whether a body is an error without an object around it, as some servers write. */
const isBareError = (body: unknown): boolean => {
  const { object, type } = asObject(body);
  return object === 'error' || type === 'error' || statusIn(body) !== undefined;
};
