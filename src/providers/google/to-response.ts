import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider } from '../../domain/provider-report.ts';
import type { AnswerPiece } from './read-piece.ts';

/** Converts an answer to a response. It has a confidence if the caller requested one and the API returned one. */
export const toResponse = (answer: AnswerPiece, confidence: 'logprobs' | undefined): ModelResponse => {
  const { text, usage, finishReason, requestId, metadata, meanLogprob } = answer;
  return {
    text,
    usage,
    finishReason,
    requestId,
    ...reportedByProvider({ metadata }),
    ...(confidence === 'logprobs' &&
      meanLogprob !== undefined && {
        meanLogprob,
        confidence: Math.exp(meanLogprob),
        confidenceSource: 'logprobs',
      }),
  };
};
