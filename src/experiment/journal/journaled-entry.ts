import { ModelError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { JournalEntry } from './journal.ts';

/** A call that has ended, without the key that it is found by. */
export type Recorded = Omit<JournalEntry, 'key'>;

/** What is recorded of a call; a cancelled one has not ended. */
export const toRecorded = (outcome: Outcome): Recorded | undefined => {
  if (outcome.status === 'cancelled') return undefined;
  const { model, latencyMs, firstTokenMs, attempts } = outcome;
  const call = {
    model,
    latencyMs: rounded(latencyMs),
    ...(firstTokenMs !== undefined && { firstTokenMs: rounded(firstTokenMs) }),
  };
  if (outcome.status === 'failed') {
    const { name, message, isRetryable, status, costUsd } = outcome.error;
    const paidUsd = attempts === undefined ? costUsd : outcome.costUsd;
    return {
      ...call,
      status: 'failed',
      error: {
        name,
        message,
        isRetryable,
        ...(status !== undefined && { status }),
        ...(paidUsd !== undefined && { costUsd: paidUsd }),
      },
    };
  }
  const response = said(outcome.response);
  // The attempts are not recorded; what they cost is.
  return attempts === undefined || outcome.costUsd === undefined
    ? { ...call, status: 'answered', response }
    : {
        ...call,
        status: 'answered',
        response: {
          ...response,
          costUsd: outcome.costUsd,
          costSource: outcome.costSource === 'reported' ? 'reported' : 'estimated',
        },
      };
};

/** To a microsecond: more is noise, and takes room in every line. */
const rounded = (durationMs: number): number => Math.round(durationMs * 1000) / 1000;

/** The response without what a model adds to it of its own. */
const said = ({
  text,
  usage,
  costUsd,
  costSource,
  cached,
  finishReason,
  confidence,
  confidenceSource,
  meanLogprob,
  requestId,
}: ModelResponse): ModelResponse => ({
  text,
  usage,
  costUsd,
  costSource,
  cached,
  finishReason,
  confidence,
  confidenceSource,
  meanLogprob,
  requestId,
});

/** What the model said, as it was recorded. @throws {ModelError} what the call failed with. */
export const recall = ({ model, response, error }: Recorded): ModelResponse => {
  if (response !== undefined) return response;
  throw new RecordedError(model, error);
};

/** A failure that was recorded: with the name, message and account of the error, and not its class. */
class RecordedError extends ModelError {
  override readonly name: string;

  constructor(model: string, error: JournalEntry['error']) {
    const { name = 'ModelError', message = 'a failure', isRetryable = false, status, costUsd } = error ?? {};
    const prefix = `${model}: `;
    super(model, message.startsWith(prefix) ? message.slice(prefix.length) : message, {
      isRetryable,
      ...(status !== undefined && { status }),
      ...(costUsd !== undefined && { costUsd }),
    });
    this.name = name;
  }
}
