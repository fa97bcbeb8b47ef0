import type { ModelResponse } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { openaiRateLimits } from '../openai-protocol/rate-headers.ts';
import { readChunks } from '../openai-protocol/read-chunks.ts';
import { readCompletion } from '../openai-protocol/read-completion.ts';
import type { Exchange } from '../provider-model.ts';
import { withRateLimits } from '../rate-limits.ts';
import { bounded, readText } from './body.ts';
import { requestIdOf } from './reply-error.ts';
import type { Settings } from './settings.ts';
import { parseJson, toStandard } from './standard.ts';
import { streamChunks } from './stream-chunks.ts';
import type { HttpReply } from './transport.ts';

type Chunk = ReturnType<typeof toStandard>;

/**
 * Reads a response in JSON.
 *
 * @throws {ModelError} if the body is invalid. Errors of the transport pass through.
 */
export const readWhole = async (reply: HttpReply, settings: Settings): Promise<ModelResponse> => {
  const { id, maxResponseBytes } = settings;
  const text = await readText(bounded(reply.body, maxResponseBytes));
  const completion = toStandard(id, parseJson(id, text), 'message');
  const response = readCompletion(id, completion, requestIdOf(reply) ?? idOf(completion));
  return withRateLimits({ ...response, ...costOf(completion, settings) }, openaiRateLimits(reply.headers));
};

interface StreamOptions extends Pick<Exchange, 'emit'> {
  readonly settings: Settings;
  /** Closes the connection, if the body is not read to its end. */
  readonly close: () => void;
}

/**
 * Reads a streamed response.
 *
 * @throws {ModelError} if the body is invalid or ends too early. Errors of the transport pass through.
 */
export const readStream = async (
  reply: HttpReply,
  { settings, emit, close }: StreamOptions,
): Promise<ModelResponse> => {
  const { id, maxResponseBytes } = settings;
  let first: Chunk | undefined;
  let last: Chunk | undefined;
  async function* watched(): AsyncGenerator<Chunk> {
    for await (const chunk of streamChunks(id, bounded(reply.body, maxResponseBytes), close)) {
      first ??= chunk;
      if (chunk.usage) last = chunk;
      yield chunk;
    }
  }
  const response = await readChunks(id, { chunks: watched(), emit, requestId: requestIdOf(reply) });
  return withRateLimits(
    { ...response, requestId: response.requestId ?? idOf(first), ...costOf(last, settings) },
    openaiRateLimits(reply.headers),
  );
};

const idOf = (chunk: Chunk | undefined): string | undefined =>
  typeof chunk?.id === 'string' && chunk.id !== '' ? chunk.id : undefined;

const costOf = (chunk: Chunk | undefined, { server }: Settings): Pick<ModelResponse, 'costUsd'> => {
  const cost = server.reportsCost ? asObject(chunk?.usage).cost : undefined;
  return typeof cost === 'number' ? { costUsd: cost } : {};
};
