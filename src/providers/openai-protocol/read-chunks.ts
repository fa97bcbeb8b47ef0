import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { toProviderMetadata } from '../../domain/provider-report.ts';
import { asObject } from '../as-object.ts';
import { cutOffError } from '../connection-error.ts';
import { toFinishReason } from '../finish-reason.ts';
import type { Exchange } from '../provider-model.ts';
import { addLogprobs } from './mean-logprob.ts';
import { type ReadCompletion, toResponse } from './read-completion.ts';

/** A chat completion that is streamed. */
interface CompletionStream extends Pick<Exchange, 'emit'> {
  readonly chunks: AsyncIterable<unknown>;
  readonly requestId?: string | null | undefined;
}

/**
 * Reads the chunks of a chat completion as a response. Chunks may follow the one with the finish reason: one of them
 * has the usage.
 *
 * @throws {MalformedResponseError} if a chunk is invalid, or the stream ends before the finish reason.
 */
export const readChunks = async (
  model: string,
  { chunks, emit, requestId }: CompletionStream,
): Promise<ModelResponse> => {
  let read: ReadCompletion = { text: '', isRefusal: false, logprobs: { sum: 0, tokens: 0 } };
  for await (const chunk of chunks) {
    const piece = addChunk(model, read, chunk);
    const delta = piece.text.slice(read.text.length);
    read = piece;
    if (delta !== '') emit(delta);
  }
  if (read.finishReason === undefined) throw cutOffError(model);
  return toResponse(model, read, requestId);
};

/** Returns the completion with one more chunk. */
const addChunk = (model: string, read: ReadCompletion, chunk: unknown): ReadCompletion => {
  const { id, model: servedBy, choices, usage } = asObject(chunk);
  if (!Array.isArray(choices))
    throw new MalformedResponseError(model, 'the stream has an event that is not a completion chunk');
  const { delta, finish_reason, logprobs } = asObject(choices[0]);
  const content = asObject(delta).content ?? '';
  const refusal = asObject(delta).refusal ?? '';
  if (typeof content !== 'string' || typeof refusal !== 'string') {
    throw new MalformedResponseError(model, 'the stream has a delta that is not text');
  }
  return {
    text: read.text + content + refusal,
    isRefusal: read.isRefusal || refusal !== '',
    finishReason: toFinishReason(finish_reason) ?? read.finishReason,
    logprobs: addLogprobs(read.logprobs, logprobs),
    usage: usage ?? read.usage,
    metadata: { ...toProviderMetadata(id, servedBy), ...read.metadata },
  };
};
