import { InvalidRequestError } from '../domain/errors.ts';
import type { ModelRequest } from '../domain/request.ts';
import { smallerLimit } from '../domain/request.ts';

/** What limits the output of a call, by the options of its model. */
export interface OutputLimit {
  /** The maximum number of tokens of one answer; `undefined` if nothing limits it. */
  readonly perAnswer: number | undefined;
  /** How many answers a call asks for. All of them are billed. */
  readonly answers: number;
}

/** The maximum number of tokens that a call writes; `undefined` if nothing limits it. */
export const mostOutputTokens = ({ perAnswer, answers }: OutputLimit): number | undefined =>
  perAnswer === undefined ? undefined : perAnswer * answers;

/**
 * Returns the maximum number of tokens of one answer, within the limit of the model and its share of the limit of the
 * request.
 *
 * @throws {InvalidRequestError} if the limit of the request has less than one token for each answer.
 */
export const answerLimit = (
  model: string,
  { maxOutputTokens }: ModelRequest,
  { perAnswer, answers }: OutputLimit,
): number | undefined => {
  if (maxOutputTokens === undefined) return perAnswer;
  const share = Math.floor(maxOutputTokens / answers);
  if (share >= 1) return smallerLimit(perAnswer, share);
  throw new InvalidRequestError(
    model,
    `"maxOutputTokens" is ${maxOutputTokens} for ${answers} answers: raise it, or ask for fewer answers`,
    { costUsd: 0 },
  );
};

/** Returns a value that is an integer of at least 1; `undefined` otherwise. */
export const positiveCount = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? (value as number) : undefined;
