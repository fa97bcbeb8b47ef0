import type { FinishReason, Usage } from '../../domain/model.ts';
import { type ProviderMetadata, toProviderMetadata } from '../../domain/provider-report.ts';
import { asObject } from './as-object.ts';
import { convertUsage } from './convert-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/** A piece of an answer: all of it, or what one event of a stream adds to it. */
export interface AnswerPiece {
  readonly text: string;
  /** Present once the answer is at its end. */
  readonly finishReason: FinishReason | undefined;
  readonly usage: Usage | undefined;
  /** The mean natural logarithm of the probabilities of the tokens. */
  readonly meanLogprob: number | undefined;
  readonly requestId: string | undefined;
  readonly metadata: ProviderMetadata | undefined;
  /** Whether anything of it is an answer, or a word on why there is none. */
  readonly isAnswer: boolean;
}

/**
 * What the API sent, as a piece of an answer: the text of the first candidate without its thoughts.
 *
 * @throws {MalformedResponseError} for token counts that are none.
 */
export const readPiece = (model: string, content: unknown): AnswerPiece => {
  const { candidates, promptFeedback, usageMetadata, responseId, modelVersion } = asObject(content);
  const candidate = asObject(Array.isArray(candidates) ? candidates[0] : undefined);
  const parts = asObject(candidate.content).parts;
  const isBlocked = typeof asObject(promptFeedback).blockReason === 'string';
  // A prompt that was blocked has no candidate: its answer is an empty one, visibly blocked.
  const finishReason = mapFinishReason(candidate.finishReason) ?? (isBlocked ? 'content-filter' : undefined);
  return {
    text: Array.isArray(parts) ? parts.map(textOf).join('') : '',
    finishReason,
    usage: convertUsage(model, usageMetadata),
    meanLogprob: isLogprob(candidate.avgLogprobs) ? candidate.avgLogprobs : undefined,
    requestId: typeof responseId === 'string' ? responseId : undefined,
    metadata: toProviderMetadata(responseId, modelVersion),
    // One that stopped by itself has said something; one that was stopped may have got no further than thoughts.
    isAnswer: Array.isArray(parts) || (finishReason !== undefined && finishReason !== 'stop'),
  };
};

const textOf = (part: unknown): string => {
  const { text, thought } = asObject(part);
  return typeof text === 'string' && thought !== true ? text : '';
};

const isLogprob = (value: unknown): value is number =>
  typeof value === 'number' && value <= 0 && value > Number.NEGATIVE_INFINITY;

/** An answer with one more piece. Counts are running totals, so the last ones hold. */
export const joinPieces = (answer: AnswerPiece, piece: AnswerPiece): AnswerPiece => ({
  text: answer.text + piece.text,
  finishReason: piece.finishReason ?? answer.finishReason,
  usage: piece.usage ?? answer.usage,
  meanLogprob: piece.meanLogprob ?? answer.meanLogprob,
  requestId: piece.requestId ?? answer.requestId,
  metadata: { ...answer.metadata, ...piece.metadata },
  isAnswer: answer.isAnswer || piece.isAnswer,
});
