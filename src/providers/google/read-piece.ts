import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { asIndex, asObject } from '../as-object.ts';
import { laterReason, toFinishReason } from '../finish-reason.ts';
import { joinUsages } from '../join-usage.ts';
import { candidatesOf, partsOf } from './content.ts';

/** A whole answer, or the part of it in one event of a stream. Everything but the text is as the API sent it. */
export interface AnswerPiece {
  readonly text: string;
  /** Why the model stopped. In a stream, some servers say so in every event. */
  readonly finishReason: unknown;
  readonly usage: unknown;
  /** The mean natural logarithm of the token probabilities. */
  readonly avgLogprobs: unknown;
  readonly responseId: unknown;
  readonly modelVersion: unknown;
  /** Whether there is an answer, or a reason for its absence. */
  readonly isAnswer: boolean;
}

/**
 * Reads a response or an event: the text of the first candidate, without thoughts.
 *
 * @throws {MalformedResponseError} if a text is not text.
 */
export const readPiece = (model: string, content: unknown): AnswerPiece => {
  const { candidates, promptFeedback, usageMetadata, responseId, modelVersion } = asObject(content);
  const candidate = firstOf(candidates);
  const parts = partsOf(candidate.content);
  const isBlocked = isBlockReason(asObject(promptFeedback).blockReason);
  const reason = REASONS[candidate.finishReason as number] ?? candidate.finishReason;
  const isReason = toFinishReason(reason) !== undefined;
  // A blocked prompt has no candidate. Its answer is an empty text with the finish reason `content-filter`.
  const finishReason = isReason ? reason : isBlocked ? 'content_filter' : undefined;
  return {
    text: (parts ?? []).map((part) => textOf(model, part)).join(''),
    finishReason,
    usage: usageMetadata,
    avgLogprobs: candidate.avgLogprobs,
    responseId,
    modelVersion,
    // A complete answer has parts; one that was cut off may have thoughts alone.
    isAnswer: parts !== undefined || (isReason && toFinishReason(finishReason) !== 'stop') || isBlocked,
  };
};

/** Whether a word is a reason to block the prompt. The first one of the enum is not. */
const isBlockReason = (reason: unknown): boolean =>
  typeof reason === 'string' && toFinishReason(reason.replace(/^BLOCK_REASON_/i, '')) !== undefined;

/** The finish reasons of Google's enum that have the same number in all versions of its API. */
const REASONS: Readonly<Record<number, string>> = {
  0: 'FINISH_REASON_UNSPECIFIED',
  1: 'STOP',
  2: 'MAX_TOKENS',
  3: 'SAFETY',
  4: 'RECITATION',
  5: 'OTHER',
};

/** Returns the candidate with index 0, which the API may leave out. Candidates may come in any order. */
const firstOf = (candidates: unknown): Readonly<Record<string, unknown>> => {
  const indexOf = ({ index }: Readonly<Record<string, unknown>>, place: number): number => {
    return (index ?? null) === null ? 0 : (asIndex(index) ?? place);
  };
  return candidatesOf(candidates).find((candidate, place) => indexOf(candidate, place) === 0) ?? {};
};

const textOf = (model: string, part: unknown): string => {
  const { text = null, thought } = asObject(part);
  if (thought === true || thought === 'true' || thought === 1) return '';
  if (typeof part === 'string') return part;
  if (typeof text === 'string') return text;
  if (text === null && (part === null || (isObject(part) && !Array.isArray(part)))) return '';
  throw new MalformedResponseError(model, 'the response has a text that is not text');
};

/** Joins an answer and its next piece. Token counts are running totals. */
export const joinPieces = (answer: AnswerPiece, piece: AnswerPiece): AnswerPiece => ({
  text: answer.text + piece.text,
  finishReason: laterReason(answer.finishReason, piece.finishReason),
  usage: joinUsages(answer.usage, piece.usage),
  avgLogprobs: piece.avgLogprobs ?? answer.avgLogprobs,
  responseId: piece.responseId ?? answer.responseId,
  modelVersion: piece.modelVersion ?? answer.modelVersion,
  isAnswer: answer.isAnswer || piece.isAnswer,
});
