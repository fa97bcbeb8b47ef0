import { MalformedResponseError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { asIndex, asObject } from '../as-object.ts';
import { laterReason, toFinishReason } from '../finish-reason.ts';
import { joinUsages } from '../join-usage.ts';
import type { Exchange } from '../provider-model.ts';
import { candidatesOf, partsOf } from './content.ts';

/** A whole answer, or the part of it in one event of a stream. Everything but its content is as the API sent it. */
export interface AnswerPiece {
  readonly text: string;
  /** The thoughts, if the API shows them. */
  readonly reasoning: string;
  /** The calls of tools. Those of the next pieces are added to it. */
  readonly toolCalls: ToolCall[];
  /** Why the model stopped. In a stream, some servers say so in every event. */
  readonly finishReason: unknown;
  readonly usage: unknown;
  /** The tier that served the call, in the provider's word. */
  readonly serviceTier: unknown;
  /** The mean natural logarithm of the token probabilities. */
  readonly avgLogprobs: unknown;
  readonly responseId: unknown;
  readonly modelVersion: unknown;
  /** Whether there is an answer, or a reason for its absence. */
  readonly isAnswer: boolean;
}

/**
 * Reads a response or an event: the text, the thoughts and the calls of the first candidate.
 *
 * @throws {MalformedResponseError} if a text is not text.
 */
export const readPiece = (model: string, content: unknown): AnswerPiece => {
  const { candidates, promptFeedback, usageMetadata, responseId, modelVersion, sdkHttpResponse } =
    asObject(content);
  const candidate = firstOf(candidates);
  const parts = partsOf(candidate.content);
  const isBlocked = isBlockReason(asObject(promptFeedback).blockReason);
  const reason = REASONS[candidate.finishReason as number] ?? candidate.finishReason;
  const isReason = toFinishReason(reason) !== undefined;
  // A blocked prompt has no candidate. Its answer is an empty text with the finish reason `content-filter`.
  const finishReason = isReason ? reason : isBlocked ? 'content_filter' : undefined;
  return {
    text: (parts ?? []).map((part) => (isThought(part) ? '' : textOf(model, part))).join(''),
    reasoning: (parts ?? []).map((part) => (isThought(part) ? textOf(model, part) : '')).join(''),
    toolCalls: (parts ?? []).map(callOf).filter((call) => call !== undefined),
    finishReason,
    usage: usageMetadata,
    serviceTier: tierIn(usageMetadata) ?? asObject(asObject(sdkHttpResponse).headers)[TIER_HEADER],
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

const TIER_HEADER = 'x-gemini-service-tier';

const tierIn = (usage: unknown): unknown => {
  const { serviceTier, trafficType } = asObject(usage);
  return serviceTier ?? trafficType ?? undefined;
};

const isThought = (part: unknown): boolean => {
  const { thought } = asObject(part);
  return thought === true || thought === 'true' || thought === 1;
};

/** Returns the call of a tool that a part is; `undefined` if it is of another kind. */
const callOf = (part: unknown): ToolCall | undefined => {
  const { functionCall, function_call } = asObject(part);
  const { id, name, args } = asObject(functionCall ?? function_call);
  if (typeof name !== 'string') return undefined;
  return {
    toolName: name,
    input: args ?? {},
    ...(typeof id === 'string' && id !== '' && { toolCallId: id }),
  };
};

const textOf = (model: string, part: unknown): string => {
  const { text = null } = asObject(part);
  if (typeof part === 'string') return part;
  if (typeof text === 'string') return text;
  if (text === null && (part === null || (isObject(part) && !Array.isArray(part)))) return '';
  throw new MalformedResponseError(model, 'the response has a text that is not text');
};

/** Joins an answer and its next piece, which adds its calls to those of the answer. Token counts are running totals. */
export const joinPieces = (answer: AnswerPiece, piece: AnswerPiece): AnswerPiece => {
  for (const call of piece.toolCalls) answer.toolCalls.push(call);
  return {
    text: answer.text + piece.text,
    reasoning: answer.reasoning + piece.reasoning,
    toolCalls: answer.toolCalls,
    finishReason: laterReason(answer.finishReason, piece.finishReason),
    usage: joinUsages(answer.usage, piece.usage),
    serviceTier: piece.serviceTier ?? answer.serviceTier,
    avgLogprobs: piece.avgLogprobs ?? answer.avgLogprobs,
    responseId: piece.responseId ?? answer.responseId,
    modelVersion: piece.modelVersion ?? answer.modelVersion,
    isAnswer: answer.isAnswer || piece.isAnswer,
  };
};

/** Returns all that a model wrote in a piece: its text, its thoughts, and its calls as JSON. */
export const writtenIn = ({ text, reasoning, toolCalls }: AnswerPiece): string =>
  toolCalls.length === 0 ? reasoning + text : `${reasoning}${text}${JSON.stringify(toolCalls)}`;

/** Emits what a model wrote in a piece. */
export const emitPiece = ({ text, reasoning, toolCalls }: AnswerPiece, emit: Exchange['emit']): void => {
  if (reasoning !== '') emit(reasoning, { kind: 'reasoning' });
  if (text !== '') emit(text);
  for (const { input, toolName, toolCallId } of toolCalls)
    emit(JSON.stringify(input), { kind: 'tool-input', toolName, ...given({ toolCallId }) });
};
