import { asyncScheduler } from 'rxjs';
import type { ModelError } from '../../domain/errors.ts';
import { asObject } from '../as-object.ts';
import { isInterrupted } from '../finish-reason.ts';
import { httpError } from '../http-error.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { retryHints } from '../retry-hint.ts';
import type { Fields } from './choices.ts';
import { errorCode, isBareError, isFailedStatus, saysError, statusOf } from './error-code.ts';
import { reasonOf } from './reason-of.ts';

/**
 * Returns the error in a reply or an event with status 200: some servers send the status before the answer fails. Only
 * the choices that are read may fail the call.
 */
export const failureIn = (
  model: string,
  body: unknown,
  choicesRead: readonly Fields[],
  headers?: ReplyHeaders,
): ModelError | undefined => {
  const fields = asObject(body);
  const holders = [
    ...[body, fields.x_groq, ...choicesRead],
    ...choicesRead.flatMap(({ message, delta }) => [message, delta]),
  ];
  const holder = holders.find(hasError);
  if (holder !== undefined) return errorInReply(model, holder, headers);
  const interrupted = choicesRead.map((choice) => reasonOf(choice, fields)).find(isInterrupted);
  if (interrupted !== undefined)
    return errorInReply(model, { error: { code: wordIn(interrupted) } }, headers);
  const { choices } = fields;
  const hasChoices = Array.isArray(choices) && choices.length > 0;
  return !hasChoices && isBareError(body) ? errorInReply(model, body, headers) : undefined;
};

const wordIn = (reason: unknown): unknown => (typeof reason === 'string' ? reason : 'error');

/** Returns the error that a provider wrote into a reply with status 200. */
export const errorInReply = (model: string, body: unknown, headers?: ReplyHeaders): ModelError => {
  const code = errorCode(body);
  const status = statusOf(body);
  return httpError(model, {
    status,
    isWithinReply: true,
    body,
    code,
    ...retryHints({ headers, status, body, nowMs: asyncScheduler.now() }),
  });
};

/** Whether a body or a choice has an error that is one: `{}`, `''` and a word for success are none. */
export const hasError = (holder: unknown): boolean => {
  const { error, base_resp } = asObject(Array.isArray(holder) ? holder[0] : holder);
  return saysError(error) || isFailedStatus(base_resp);
};
