import { MalformedResponseError } from '../../domain/errors.ts';
import type { FinishReason, ModelResponse } from '../../domain/model.ts';
import {
  type ProviderMetadata,
  reportedByProvider,
  toProviderMetadata,
} from '../../domain/provider-report.ts';
import { asObject } from '../as-object.ts';
import { toFinishReason } from '../finish-reason.ts';
import { addLogprobs, type LogprobSum, meanLogprob } from './mean-logprob.ts';
import { toUsage } from './usage.ts';

/** The parts of a chat completion that make a response. */
export interface ReadCompletion {
  readonly text: string;
  readonly isRefusal: boolean;
  readonly finishReason?: FinishReason | undefined;
  readonly logprobs: LogprobSum;
  /** As the server sent it. */
  readonly usage?: unknown;
  readonly metadata?: ProviderMetadata | undefined;
}

/**
 * Reads a chat completion as a response.
 *
 * @throws {MalformedResponseError} if it is not a chat completion, or a complete answer has no text.
 */
export const readCompletion = (
  model: string,
  completion: unknown,
  requestId?: string | null,
): ModelResponse => {
  const { id, model: servedBy, choices, usage } = asObject(completion);
  const { message, finish_reason, logprobs } = asObject(Array.isArray(choices) ? choices[0] : undefined);
  const { content, refusal } = asObject(message);
  const finishReason = toFinishReason(finish_reason);
  // An answer that was filtered or calls a tool may have no text; a complete answer has one.
  const isTextless = finishReason !== undefined && finishReason !== 'stop' && typeof message === 'object';
  const text = content ?? refusal ?? (isTextless ? '' : undefined);
  if (typeof text !== 'string') throw notACompletion(model);
  return toResponse(
    model,
    {
      text,
      isRefusal: typeof refusal === 'string',
      finishReason,
      logprobs: addLogprobs({ sum: 0, tokens: 0 }, logprobs),
      usage,
      metadata: toProviderMetadata(id, servedBy),
    },
    requestId,
  );
};

/** Returns the error of a response that is not a chat completion, which is common if the base URL is wrong. */
export const notACompletion = (model: string): MalformedResponseError =>
  new MalformedResponseError(model, 'the response is not a chat completion: check "baseURL"');

/** Converts a completion to a response. */
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
