import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { toFinishReason } from '../finish-reason.ts';
import { statusIn } from '../openai-protocol/error-code.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { blocksOf, callOf, isTyped, thoughtOf } from './content.ts';
import { errorInReply, failureIn, toResponse } from './to-response.ts';

/** The facts about a reply besides its body. */
interface ReplyNotes {
  readonly requestId?: string | null | undefined;
  readonly headers?: ReplyHeaders | undefined;
}

/**
 * Reads a message as a response: the text of its text blocks, the reasoning of its thinking blocks, and its calls of tools.
 *
 * @throws {ModelError} if it is an error or is not a message, or a complete answer has no text and no call.
 */
export const readMessage = (
  model: string,
  message: unknown,
  { requestId, headers }: ReplyNotes = {},
): ModelResponse => {
  const { id, model: servedBy, stop_reason: stopReason, usage } = asObject(message);
  const content = blocksOf(asObject(message).content);
  const failure = failureIn(model, message, headers);
  if (failure !== undefined) throw failure;
  if (content === undefined) {
    if (statusIn(message) !== undefined) throw errorInReply(model, message, headers);
    throw new MalformedResponseError(model, 'the response is not a message: check "baseURL"');
  }
  const blocks = content.filter((block) => (block ?? null) !== null).map(asObject);
  if (!blocks.every(isTyped)) {
    throw new MalformedResponseError(model, 'the response has a block without a type');
  }
  const texts = blocks
    .filter((block) => block.type === 'text')
    .map(({ text }) => (text === null ? '' : text));
  if (!texts.every((text) => typeof text === 'string')) {
    throw new MalformedResponseError(model, 'the response has a text block that is not text');
  }
  const hasText = blocks.some(({ text }) => typeof text === 'string');
  const toolCalls = blocks.map(callOf).filter((call) => call !== undefined);
  const finishReason = toFinishReason(stopReason);
  // A model that refuses or runs out of tokens while it thinks may have no text; a complete answer has one, or calls tools.
  if (!hasText && toolCalls.length === 0 && (finishReason === undefined || finishReason === 'stop')) {
    throw new MalformedResponseError(model, 'the response has no text');
  }
  return toResponse(model, {
    text: texts.join(''),
    toolCalls,
    thoughts: blocks.map(thoughtOf),
    stopReason,
    usage,
    id,
    servedBy,
    requestId,
    headers,
    warnings: blocks.length < content.length ? ['skipped a content block that is null'] : [],
  });
};
