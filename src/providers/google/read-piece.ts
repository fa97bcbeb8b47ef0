import type { FinishReason, Usage } from '../../domain/model.ts';
import { type ProviderMetadata, toProviderMetadata } from '../../domain/provider-report.ts';
import { asObject } from '../as-object.ts';
import { toFinishReason } from '../finish-reason.ts';
import { convertUsage } from './convert-usage.ts';

/** A whole answer, or the part of it in one event of a stream. */
export interface AnswerPiece {
  readonly text: string;
  /** Present once the answer is complete. */
  readonly finishReason: FinishReason | undefined;
  readonly usage: Usage | undefined;
  /** The mean natural logarithm of the token probabilities. */
  readonly meanLogprob: number | undefined;
  readonly requestId: string | undefined;
  readonly metadata: ProviderMetadata | undefined;
  /** Whether there is an answer, or a reason for its absence. */
  readonly isAnswer: boolean;
}

/**
 * Reads a response or an event: the text of the first candidate, without thoughts.
 *
 * @throws {MalformedResponseError} if a token count is invalid.
 */
export const readPiece = (model: string, content: unknown): AnswerPiece => {
  const { candidates, promptFeedback, usageMetadata, responseId, modelVersion } = asObject(content);
  const candidate = asObject(Array.isArray(candidates) ? candidates[0] : undefined);
  const parts = asObject(candidate.content).parts;
  const isBlocked = typeof asObject(promptFeedback).blockReason === 'string';
  // A blocked prompt has no candidate. Its answer is an empty text with the finish reason `content-filter`.
  const finishReason = toFinishReason(candidate.finishReason) ?? (isBlocked ? 'content-filter' : undefined);
  return {
    text: Array.isArray(parts) ? parts.map(textOf).join('') : '',
    finishReason,
    usage: convertUsage(model, usageMetadata),
    meanLogprob: isLogprob(candidate.avgLogprobs) ? candidate.avgLogprobs : undefined,
    requestId: typeof responseId === 'string' ? responseId : undefined,
    metadata: toProviderMetadata(responseId, modelVersion),
    // A complete answer has parts; one that was cut off may have thoughts alone.
    isAnswer: Array.isArray(parts) || (finishReason !== undefined && finishReason !== 'stop'),
  };
};

const textOf = (part: unknown): string => {
  const { text, thought } = asObject(part);
  return typeof text === 'string' && thought !== true ? text : '';
};

const isLogprob = (value: unknown): value is number =>
  typeof value === 'number' && value <= 0 && value > Number.NEGATIVE_INFINITY;

/** Joins an answer and its next piece. Token counts are running totals, so the last ones apply. */
export const joinPieces = (answer: AnswerPiece, piece: AnswerPiece): AnswerPiece => ({
  text: answer.text + piece.text,
  finishReason: piece.finishReason ?? answer.finishReason,
  usage: piece.usage ?? answer.usage,
  meanLogprob: piece.meanLogprob ?? answer.meanLogprob,
  requestId: piece.requestId ?? answer.requestId,
  metadata: { ...answer.metadata, ...piece.metadata },
  isAnswer: answer.isAnswer || piece.isAnswer,
});
