import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { toProviderMetadata } from '../../domain/provider-report.ts';
import { fieldOf } from './field.ts';
import { toFinishReason } from './finish-reason.ts';
import { addLogprobs } from './mean-logprob.ts';
import { type ReadCompletion, toResponse } from './read-completion.ts';

/**
 * A chat completion that comes in chunks as a response; `emit` is given each piece of its text. Chunks may follow
 * the one that says how the model stopped: the usage is in one of them.
 *
 * @throws {MalformedResponseError} for a chunk that is none, and where the chunks end before the answer does.
 */
export const readChunks = async (
  model: string,
  chunks: AsyncIterable<unknown>,
  emit: (text: string) => void,
  requestId?: string | null,
): Promise<ModelResponse> => {
  let read: ReadCompletion = {
    text: '',
    isRefusal: false,
    finishReason: undefined,
    logprobs: { sum: 0, tokens: 0 },
    usage: undefined,
    metadata: undefined,
  };
  for await (const chunk of chunks) {
    const piece = addChunk(model, read, chunk);
    const delta = piece.text.slice(read.text.length);
    read = piece;
    if (delta !== '') emit(delta);
  }
  if (read.finishReason === undefined) {
    throw new MalformedResponseError(model, 'the stream ended before the answer did', { isRetryable: true });
  }
  return toResponse(model, read, requestId);
};

/** What has been read once a chunk has been added to it. */
const addChunk = (model: string, read: ReadCompletion, chunk: unknown): ReadCompletion => {
  const choices = fieldOf(chunk, 'choices');
  if (!Array.isArray(choices)) throw new MalformedResponseError(model, 'streamed something that is no chunk');
  const choice: unknown = choices[0];
  const delta = fieldOf(choice, 'delta');
  const content = fieldOf(delta, 'content') ?? '';
  const refusal = fieldOf(delta, 'refusal') ?? '';
  if (typeof content !== 'string' || typeof refusal !== 'string') {
    throw new MalformedResponseError(model, 'streamed a piece that is no text');
  }
  return {
    text: read.text + content + refusal,
    isRefusal: read.isRefusal || refusal !== '',
    finishReason: toFinishReason(fieldOf(choice, 'finish_reason')) ?? read.finishReason,
    logprobs: addLogprobs(read.logprobs, fieldOf(choice, 'logprobs')),
    usage: fieldOf(chunk, 'usage') ?? read.usage,
    metadata: { ...toProviderMetadata(fieldOf(chunk, 'id'), fieldOf(chunk, 'model')), ...read.metadata },
  };
};
