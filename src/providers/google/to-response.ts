import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider } from '../../domain/provider-report.ts';
import type { AnswerPiece } from './read-piece.ts';

/** The response that an answer makes. Its confidence is there where it was asked for, and the API gave it. */
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
