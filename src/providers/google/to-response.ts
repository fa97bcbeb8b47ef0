import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../../domain/provider-report.ts';
import { isInterrupted, toFinishReason, unknownFinishReason } from '../finish-reason.ts';
import { convertUsage } from './convert-usage.ts';
import type { AnswerPiece } from './read-piece.ts';
import { errorInReply } from './refusal-error.ts';

/**
 * Converts an answer to a response. It has a confidence if the caller requested one and the API returned one.
 *
 * @throws {ModelError} if the provider failed while it wrote the answer.
 */
export const toResponse = (
  model: string,
  { text, usage, finishReason, responseId, modelVersion, avgLogprobs }: AnswerPiece,
  confidence: 'logprobs' | undefined,
): ModelResponse => {
  if (isInterrupted(finishReason)) throw errorInReply(model, { error: { status: finishReason } });
  const read = convertUsage(usage);
  const isOdd = confidence === 'logprobs' && !isLogprob(avgLogprobs) && (avgLogprobs ?? null) !== null;
  return {
    text,
    usage: read.usage,
    finishReason: toFinishReason(finishReason),
    requestId: typeof responseId === 'string' ? responseId : undefined,
    ...reportedByProvider({
      metadata: toProviderMetadata(responseId, modelVersion, unknownFinishReason(finishReason)),
      warnings: [
        ...(isOdd ? ['dropped "avgLogprobs", which is not the logarithm of a probability'] : []),
        ...read.warnings,
      ],
    }),
    ...(confidence === 'logprobs' &&
      isLogprob(avgLogprobs) && {
        meanLogprob: avgLogprobs,
        confidence: Math.exp(avgLogprobs),
        confidenceSource: 'logprobs',
      }),
  };
};

const isLogprob = (value: unknown): value is number =>
  typeof value === 'number' && value <= 0 && value > Number.NEGATIVE_INFINITY;
