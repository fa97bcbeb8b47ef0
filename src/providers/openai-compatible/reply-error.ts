import type { ModelError } from '../../domain/errors.ts';
import { httpError } from '../http-error.ts';
import { readBeginning } from '../openai-protocol/body.ts';
import { errorCode } from '../openai-protocol/error-code.ts';
import { openaiRateLimits } from '../openai-protocol/rate-headers.ts';
import { type HttpReply, requestIdOf } from '../openai-protocol/reply.ts';
import { retryHints } from '../retry-hint.ts';

/** The maximum size of an error body, in bytes. Its code is near the beginning. */
const MAX_ERROR_BYTES = 65_536;

/** Converts a reply with a status other than 2xx to a typed error. */
export const replyError = async (model: string, reply: HttpReply, nowMs: number): Promise<ModelError> => {
  const body = await bodyOf(reply);
  return httpError(model, {
    status: reply.status,
    code: errorCode(body),
    ...retryHints({ ...reply, body, nowMs }),
    requestId: requestIdOf(reply),
    rateLimits: openaiRateLimits(reply.headers),
  });
};

/** Reads an error body: as JSON, or else as text. `undefined` for one that breaks, because the status is enough. */
const bodyOf = async ({ body }: HttpReply): Promise<unknown> => {
  const text = await readBeginning(body, MAX_ERROR_BYTES).catch(() => undefined);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
};
