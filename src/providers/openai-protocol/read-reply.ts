import type { ModelResponse } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import type { Exchange } from '../provider-model.ts';
import { withRateLimits } from '../rate-limits.ts';
import { bounded, readText } from './body.ts';
import { parseJson } from './parse-json.ts';
import { openaiRateLimits } from './rate-headers.ts';
import { readCompletion, toResponse } from './read-completion.ts';
import { readStream } from './read-stream.ts';
import { type HttpReply, requestIdOf } from './reply.ts';

/** How a reply is read. */
export interface ReplyReader extends Pick<Exchange, 'request' | 'emit'> {
  readonly id: string;
  readonly maxResponseBytes: number;
  readonly finish: 'required' | 'optional';
  /** Returns the cost of the call, if the server reports it in its usage. */
  readonly costIn?: (usage: unknown) => Pick<ModelResponse, 'costUsd'>;
  /** Closes the connection. */
  readonly close: () => void;
}

/**
 * Reads a reply with status 2xx: an answer in JSON or in a stream. Some servers know only one of them, whatever was asked.
 *
 * @throws {ModelError} if the body is invalid or ends too early. Errors of the transport pass through.
 */
export const readReply = async (reply: HttpReply, reader: ReplyReader): Promise<ModelResponse> => {
  const { id, request, maxResponseBytes, finish, costIn = () => ({}), emit, close } = reader;
  const body = bounded(reply.body, maxResponseBytes);
  const type = reply.headers.get('content-type') ?? '';
  const isStream = request.wantsDeltas ? !/\bjson\b/.test(type) : type.includes('event-stream');
  if (!isStream) {
    const completion = parseJson(id, await readText(body));
    const response = readCompletion(id, completion, requestIdOf(reply) ?? named(asObject(completion).id));
    return withRateLimits(
      { ...response, ...costIn(asObject(completion).usage) },
      openaiRateLimits(reply.headers),
    );
  }
  const completion = await readStream(id, {
    body,
    isFinishOptional: finish === 'optional',
    emit: request.wantsDeltas ? emit : () => undefined,
    close,
  });
  const response = toResponse(completion, requestIdOf(reply) ?? named(completion.id));
  return withRateLimits({ ...response, ...costIn(completion.usage) }, openaiRateLimits(reply.headers));
};

const named = (id: unknown): string | undefined => (typeof id === 'string' && id !== '' ? id : undefined);
