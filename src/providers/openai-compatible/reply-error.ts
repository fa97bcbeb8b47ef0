import type { ModelError } from '../../domain/errors.ts';
import { httpError } from '../http-error.ts';
import { bounded, readText } from '../openai-protocol/body.ts';
import { errorCode, isExhausted } from '../openai-protocol/error-code.ts';
import { openaiRateLimits } from '../openai-protocol/rate-headers.ts';
import { type HttpReply, requestIdOf } from '../openai-protocol/reply.ts';
import { retryAdvice, retryHintMs } from '../retry-hint.ts';

/** The maximum size of an error body, in bytes. Its code is near the beginning. */
const MAX_ERROR_BYTES = 65_536;

/** Converts a reply with a status other than 2xx to a typed error. */
export const replyError = async (model: string, reply: HttpReply, nowMs: number): Promise<ModelError> => {
  const body = await bodyOf(reply);
  const code = errorCode(body);
  return httpError(model, {
    status: reply.status,
    code,
    retryAfterMs: retryHintMs({ ...reply, body, nowMs }),
    requestId: requestIdOf(reply),
    shouldRetry: isExhausted(code) ? false : retryAdvice(reply.headers),
    rateLimits: openaiRateLimits(reply.headers),
  });
};

/** Reads the JSON of an error body; `undefined` if it is invalid or too large, because the status is enough. */
const bodyOf = async ({ body }: HttpReply): Promise<unknown> => {
  try {
    return JSON.parse(await readText(bounded(body, MAX_ERROR_BYTES)));
  } catch {
    return undefined;
  }
};
