import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../../domain/provider-report.ts';
import { fieldOf } from '../openai-protocol/field.ts';
import { convertUsage } from './convert-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/**
 * A whole message as a response: the text of its text blocks. Thoughts are no part of an answer.
 *
 * @throws {MalformedResponseError} for what is no message, or has no text where it should.
 */
export const readMessage = (model: string, served: unknown, requestId?: string | null): ModelResponse => {
  const content = fieldOf(served, 'content');
  if (!Array.isArray(content)) throw new MalformedResponseError(model, 'answered with no message');
  const texts = content.filter((block) => isText(model, block)).map((block) => fieldOf(block, 'text'));
  if (!texts.every((text) => typeof text === 'string')) {
    throw new MalformedResponseError(model, 'answered with a text block without text');
  }
  const finishReason = mapFinishReason(fieldOf(served, 'stop_reason'));
  // A model that refuses, or runs out of tokens while it thinks, may have no text; one that is done has some.
  if (texts.length === 0 && (finishReason === undefined || finishReason === 'stop')) {
    throw new MalformedResponseError(model, 'answered with a message without text');
  }
  return {
    text: texts.join(''),
    usage: convertUsage(model, fieldOf(served, 'usage')),
    finishReason,
    ...(requestId && { requestId }),
    ...reportedByProvider({ metadata: toProviderMetadata(fieldOf(served, 'id'), fieldOf(served, 'model')) }),
  };
};

const isText = (model: string, block: unknown): boolean => {
  const type = fieldOf(block, 'type');
  if (typeof type !== 'string') throw new MalformedResponseError(model, 'answered with a block of no type');
  return type === 'text';
};
