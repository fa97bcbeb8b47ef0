import { MalformedResponseError } from '../../domain/errors.ts';
import type { FinishReason, ModelResponse } from '../../domain/model.ts';
import {
  type ProviderMetadata,
  reportedByProvider,
  toProviderMetadata,
} from '../../domain/provider-report.ts';
import { fieldOf } from './field.ts';
import { toFinishReason } from './finish-reason.ts';
import { addLogprobs, type LogprobSum, meanLogprob } from './mean-logprob.ts';
import { toUsage } from './usage.ts';

/** What has been read of a chat completion. */
export interface ReadCompletion {
  readonly text: string;
  readonly isRefusal: boolean;
  readonly finishReason: FinishReason | undefined;
  readonly logprobs: LogprobSum;
  /** As it was served. */
  readonly usage: unknown;
  readonly metadata: ProviderMetadata | undefined;
}

/**
 * A whole chat completion as a response.
 *
 * @throws {MalformedResponseError} for what is no chat completion, or has no text where it should.
 */
export const readCompletion = (model: string, served: unknown, requestId?: string | null): ModelResponse => {
  const choices = fieldOf(served, 'choices');
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = fieldOf(choice, 'message');
  const content = fieldOf(message, 'content') ?? undefined;
  const refusal = fieldOf(message, 'refusal') ?? undefined;
  const finishReason = toFinishReason(fieldOf(choice, 'finish_reason'));
  // A model that was filtered, or calls a tool, may have no text; one that is done has some.
  const isTextless = finishReason !== undefined && finishReason !== 'stop' && typeof message === 'object';
  const text = content ?? refusal ?? (isTextless ? '' : undefined);
  if (typeof text !== 'string') throw new MalformedResponseError(model, 'answered with no chat completion');
  return toResponse(
    model,
    {
      text,
      isRefusal: typeof refusal === 'string',
      finishReason,
      logprobs: addLogprobs({ sum: 0, tokens: 0 }, fieldOf(choice, 'logprobs')),
      usage: fieldOf(served, 'usage'),
      metadata: toProviderMetadata(fieldOf(served, 'id'), fieldOf(served, 'model')),
    },
    requestId,
  );
};

/** What has been read, as a response. */
export const toResponse = (
  model: string,
  { text, isRefusal, finishReason, logprobs, usage, metadata }: ReadCompletion,
  requestId?: string | null,
): ModelResponse => {
  const mean = meanLogprob(logprobs);
  return {
    text,
    usage: toUsage(model, usage),
    finishReason: isRefusal ? 'refusal' : finishReason,
    ...(mean !== undefined && {
      meanLogprob: mean,
      confidence: Math.exp(mean),
      confidenceSource: 'logprobs' as const,
    }),
    ...(requestId && { requestId }),
    ...reportedByProvider({ metadata }),
  };
};
