import { isPlain } from '../../domain/answer-key.ts';
import { costGiven, sumOf } from '../../domain/cost.ts';
import { ModelError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import { type ModelResponse, responseMembers } from '../../domain/model.ts';
import { wasNeverSent } from '../../domain/never-sent.ts';
import type { Cancelled, Outcome } from '../../domain/outcome.ts';
import { toRecord } from '../../domain/record.ts';
import type { JournalEntry } from './journal.ts';
import { NotPlainError, plainCopy } from './plain-copy.ts';

/** A recorded call without its key. */
export type RecordedOutcome = Omit<JournalEntry, 'key'>;

/**
 * The recorded part of an outcome; `undefined` for a cancelled call, which did not end. If a response holds what cannot be
 * recorded, such as a BigInt, the call counts as failed, with its cost: an answer that is lost with the process does not count.
 */
export const toRecorded = (outcome: Outcome): RecordedOutcome | undefined => {
  if (outcome.status === 'cancelled') return undefined;
  try {
    return plainCopy(recorded(outcome)) as RecordedOutcome;
  } catch (error) {
    return toUnrecordable(outcome, error instanceof NotPlainError ? error.message : 'reading it throws');
  }
};

/** The failure to be recorded instead of a result that cannot be. */
export const toUnrecordable = (
  { model, latencyMs, costUsd }: Pick<Exclude<Outcome, Cancelled>, 'model' | 'latencyMs' | 'costUsd'>,
  reason: string,
): RecordedOutcome => ({
  model,
  status: 'failed',
  latencyMs: rounded(latencyMs),
  error: {
    name: 'MalformedResponseError',
    message: `${model}: the result of the call cannot be recorded: ${reason}`,
    isRetryable: false,
    ...given({ costUsd }),
  },
});

const recorded = (outcome: Exclude<Outcome, Cancelled>): RecordedOutcome => {
  const { model, latencyMs, firstTokenMs, attempts } = outcome;
  const call = {
    model,
    latencyMs: rounded(latencyMs),
    ...(firstTokenMs !== undefined && { firstTokenMs: rounded(firstTokenMs) }),
  };
  if (outcome.status === 'failed') {
    const { name, message, isRetryable, status } = outcome.error;
    return {
      ...call,
      status: 'failed',
      error: { name, message, isRetryable, ...given({ status, ...costGiven(outcome) }) },
    };
  }
  const response = recordedPart(outcome.response);
  // Attempts are not recorded, but their cost is, unless it is 0.
  if (sumOf(attempts ?? []).costUsd === 0 || attempts === undefined || outcome.costUsd === undefined)
    return { ...call, status: 'answered', response };
  const { costUsd, costSource } = outcome;
  const paid = { ...response, costUsd, ...(costSource !== 'unknown' && { costSource }) };
  return { ...call, status: 'answered', response: paid };
};

/** Rounds to a microsecond: more digits are noise and take space in every line. */
const rounded = (durationMs: number): number => Math.round(durationMs * 1000) / 1000;

const recordedPart = (response: ModelResponse): ModelResponse =>
  Object.fromEntries(
    responseMembers.map((name) => [
      name,
      name === 'toolCalls' || name === 'embeddings'
        ? withPlainZeros(response[name])
        : withPlainNumbers(response[name]),
    ]),
  ) as unknown as ModelResponse;

/** Turns −0 anywhere in JSON into the 0 that JSON has, as two models may mean the same by both. */
const withPlainZeros = (value: unknown): unknown => {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withPlainZeros);
  if (!isObject(value) || !isPlain(value)) return value;
  return toRecord(new Map(Object.entries(value)), withPlainZeros);
};

/** Copies a number, or an object of numbers that may be an instance of a class. Turns −0 into the 0 that JSON has. */
const withPlainNumbers = (value: unknown): unknown => {
  if (value === 0) return 0;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, member === 0 ? 0 : member]));
};

/**
 * Returns the recorded response. `made` is the error of a call that was made just now: its cause is kept.
 *
 * @throws {ModelError} if the recorded call failed.
 */
export const recall = ({ model, response, error }: RecordedOutcome, made?: ModelError): ModelResponse => {
  if (response !== undefined) return response;
  // A refusal sent nothing, so that it is no result that is recalled.
  if (made !== undefined && wasNeverSent(made)) throw made;
  throw new RecordedError(model, error, made?.cause);
};

/** A recorded error: it has the name, message and cost of the original error, but not its class. */
class RecordedError extends ModelError {
  override readonly name: string;

  constructor(model: string, error: JournalEntry['error'], cause: unknown) {
    const {
      name = 'ModelError',
      message = 'a failure',
      isRetryable = false,
      status,
      costUsd,
      costSource,
    } = error ?? {};
    const prefix = `${model}: `;
    super(model, message.startsWith(prefix) ? message.slice(prefix.length) : message, {
      isRetryable,
      ...given({ status, costUsd, costSource, cause }),
    });
    this.name = name;
  }
}

/** The failures that were found in a journal, of calls that were not made now. */
const foundFailures = new WeakSet<object>();

/** Whether a call failed because its journal says so: no call was made. */
export const isFoundFailure = (error: unknown): boolean => isObject(error) && foundFailures.has(error);

/**
 * Returns the recorded response of a call that is not made.
 *
 * @throws {ModelError} if the recorded call failed; {@link isFoundFailure} knows it.
 */
export const found = (entry: RecordedOutcome): ModelResponse => {
  try {
    return recall(entry);
  } catch (error) {
    foundFailures.add(error as ModelError);
    throw error;
  }
};
