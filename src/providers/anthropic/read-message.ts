import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../../domain/provider-report.ts';
import { asObject } from '../as-object.ts';
import { toFinishReason } from '../finish-reason.ts';
import { convertUsage } from './convert-usage.ts';

/**
 * Reads a message as a response: the text of its text blocks, without thinking blocks.
 *
 * @throws {MalformedResponseError} if it is not a message, or a complete answer has no text.
 */
export const readMessage = (model: string, message: unknown, requestId?: string | null): ModelResponse => {
  const { id, model: servedBy, content, stop_reason, usage } = asObject(message);
  if (!Array.isArray(content)) {
    throw new MalformedResponseError(model, 'the response is not a message: check "baseURL"');
  }
  const blocks = content.map(asObject);
  if (!blocks.every(({ type }) => typeof type === 'string')) {
    throw new MalformedResponseError(model, 'the response has a block without a type');
  }
  const texts = blocks.filter(({ type }) => type === 'text').map(({ text }) => text);
  if (!texts.every((text) => typeof text === 'string')) {
    throw new MalformedResponseError(model, 'the response has a text block without text');
  }
  const finishReason = toFinishReason(stop_reason);
  // A model that refuses or runs out of tokens while it thinks may have no text; a complete answer has one.
  if (texts.length === 0 && (finishReason === undefined || finishReason === 'stop')) {
    throw new MalformedResponseError(model, 'the response has no text');
  }
  return {
    text: texts.join(''),
    usage: convertUsage(model, usage),
    finishReason,
    ...(requestId && { requestId }),
    ...reportedByProvider({ metadata: toProviderMetadata(id, servedBy) }),
  };
};
