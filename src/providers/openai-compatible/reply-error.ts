import type { ModelError } from '../../domain/errors.ts';
import { httpError } from '../http-error.ts';
import { readErrorBody } from '../openai-protocol/body.ts';
import { errorCode } from '../openai-protocol/error-code.ts';
import { openaiRateLimits } from '../openai-protocol/rate-headers.ts';
import { type HttpReply, requestIdOf } from '../openai-protocol/reply.ts';
import { retryHints } from '../retry-hint.ts';

/** Converts a reply with a status other than 2xx to a typed error. */
export const replyError = async (model: string, reply: HttpReply, nowMs: number): Promise<ModelError> => {
  const body = await readErrorBody(reply.body);
  return httpError(model, {
    status: reply.status,
    body,
    code: errorCode(body),
    ...retryHints({ ...reply, body, nowMs }),
    requestId: requestIdOf(reply),
    rateLimits: openaiRateLimits(reply.headers),
  });
};
