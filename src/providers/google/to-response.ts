import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../../domain/provider-report.ts';
import { isInterrupted, toFinishReason, unknownFinishReason } from '../finish-reason.ts';
import { callsAndThoughts, finishOf } from '../tool-calls.ts';
import { convertUsage } from './convert-usage.ts';
import type { GoogleOptions } from './options.ts';
import type { AnswerPiece } from './read-piece.ts';
import { errorInReply } from './refusal-error.ts';

/**
 * Converts an answer to a response. It has a confidence if the caller requested one and the API returned one.
 *
 * @throws {ModelError} if the provider failed while it wrote the answer.
 */
export const toResponse = (
  model: string,
  { text, reasoning, toolCalls, usage, serviceTier, finishReason, ...piece }: AnswerPiece,
  { confidence, parameters }: Pick<GoogleOptions, 'confidence' | 'parameters'> = {},
): ModelResponse => {
  const { responseId, modelVersion, avgLogprobs } = piece;

  if (isInterrupted(finishReason)) throw errorInReply(model, { error: { status: finishReason } });
  // Without a word of the server, it is the tier that was asked for.
  const read = convertUsage(usage, serviceTier ?? parameters?.serviceTier ?? parameters?.service_tier);
  const isOdd = confidence === 'logprobs' && !isLogprob(avgLogprobs) && (avgLogprobs ?? null) !== null;
  return {
    text,
    ...callsAndThoughts(toolCalls, reasoning),
    usage: read.usage,
    finishReason: finishOf(toFinishReason(finishReason), toolCalls),
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
