import type { ModelResponse } from '../../domain/model.ts';
import { fieldOf } from '../openai-protocol/field.ts';
import { openaiRateLimits } from '../openai-protocol/rate-headers.ts';
import { readChunks } from '../openai-protocol/read-chunks.ts';
import { readCompletion } from '../openai-protocol/read-completion.ts';
import { withRateLimits } from '../rate-limits.ts';
import { bounded, readText } from './body.ts';
import { requestIdOf } from './refused.ts';
import type { Settings } from './settings.ts';
import { parseServed, toStandard } from './standard.ts';
import { streamChunks } from './stream-chunks.ts';
import type { HttpReply } from './transport.ts';

type Chunk = ReturnType<typeof toStandard>;

/**
 * Reads an answer that comes all at once.
 *
 * @throws {ModelError} for a body that is none; what the transport throws passes through.
 */
export const readWhole = async (reply: HttpReply, settings: Settings): Promise<ModelResponse> => {
  const { id, maxResponseBytes } = settings;
  const text = await readText(bounded(reply.body, maxResponseBytes));
  const served = toStandard(id, parseServed(id, text), 'message');
  const response = readCompletion(id, served, requestIdOf(reply) ?? nameOf(served));
  return withRateLimits({ ...response, ...costOf(served, settings) }, openaiRateLimits(reply.headers));
};

/**
 * Reads an answer that comes in pieces, and hands each of them on.
 *
 * @param leave ends what is left of the body, where it is not read to its end.
 * @throws {ModelError} for a body that is none, or ends too early; what the transport throws passes through.
 */
export const readStream = async (
  reply: HttpReply,
  settings: Settings,
  emit: (text: string) => void,
  leave: () => void,
): Promise<ModelResponse> => {
  const { id, maxResponseBytes } = settings;
  let first: Chunk | undefined;
  let last: Chunk | undefined;
  async function* watched(): AsyncGenerator<Chunk> {
    for await (const chunk of streamChunks(id, bounded(reply.body, maxResponseBytes), leave)) {
      first ??= chunk;
      if (chunk.usage) last = chunk;
      yield chunk;
    }
  }
  const response = await readChunks(id, watched(), emit, requestIdOf(reply));
  return withRateLimits(
    { ...response, requestId: response.requestId ?? nameOf(first), ...costOf(last, settings) },
    openaiRateLimits(reply.headers),
  );
};

const nameOf = (served: Chunk | undefined): string | undefined =>
  typeof served?.id === 'string' && served.id !== '' ? served.id : undefined;

const costOf = (served: Chunk | undefined, { server }: Settings): Pick<ModelResponse, 'costUsd'> => {
  const cost = server.reportsCost ? fieldOf(served?.usage, 'cost') : undefined;
  return typeof cost === 'number' ? { costUsd: cost } : {};
};
