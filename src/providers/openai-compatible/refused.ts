import type { ModelError } from '../../domain/errors.ts';
import { httpError } from '../http-error.ts';
import { errorCode, isExhausted } from '../openai-protocol/error-code.ts';
import { openaiRateLimits } from '../openai-protocol/rate-headers.ts';
import { retryHintMs } from '../retry-hint.ts';
import { bounded, readText } from './body.ts';
import type { HttpReply } from './transport.ts';

/** The most bytes of a refusal that are looked at: its code is near its beginning, or nowhere. */
const MAX_REFUSAL_BYTES = 65_536;

/** The typed error for a reply with a status other than 2xx. */
export const refused = async (model: string, reply: HttpReply, nowMs: number): Promise<ModelError> => {
  const code = errorCode(await bodyOf(reply));
  const advice = reply.headers.get('x-should-retry');
  return httpError(model, {
    status: reply.status,
    code,
    retryAfterMs: retryHintMs(reply.headers, nowMs),
    requestId: requestIdOf(reply),
    shouldRetry: isExhausted(code) ? false : advice === null ? undefined : advice === 'true',
    rateLimits: openaiRateLimits(reply.headers),
  });
};

/** What a server calls the request in its headers. */
export const requestIdOf = ({ headers }: HttpReply): string | undefined =>
  headers.get('x-request-id') ?? headers.get('apim-request-id') ?? undefined;

/** The JSON of a refusal. One that is cut, too long or none at all changes nothing about the status. */
const bodyOf = async ({ body }: HttpReply): Promise<unknown> => {
  try {
    return JSON.parse(await readText(bounded(body, MAX_REFUSAL_BYTES)));
  } catch {
    return undefined;
  }
};
