import type { ModelResponse } from '../../domain/model.ts';
import type { AnswerPiece } from './read-piece.ts';

/** The response that an answer makes. Its confidence is there where it was asked for, and the API gave it. */
export const toResponse = (answer: AnswerPiece, confidence: 'logprobs' | undefined): ModelResponse => {
  const { text, usage, finishReason, requestId, servedAs, meanLogprob } = answer;
  return {
    text,
    usage,
    finishReason,
    requestId,
    ...servedAs,
    ...(confidence === 'logprobs' &&
      meanLogprob !== undefined && {
        meanLogprob,
        confidence: Math.exp(meanLogprob),
        confidenceSource: 'logprobs',
      }),
  };
};
