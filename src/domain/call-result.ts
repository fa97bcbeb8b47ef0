import type { ModelResponse } from './model.ts';
import { providerMetadata } from './provider-report.ts';

/** The end of a call that a policy may handle: an error, or a response with the reason why it does not count. */
export type CallResult =
  | { readonly error: unknown; readonly response?: undefined; readonly reason?: undefined }
  | { readonly error?: undefined; readonly response: ModelResponse; readonly reason: string };

/** The finish reasons of a model that stopped before its answer was complete. */
const unfinished: ReadonlySet<string> = new Set(['length', 'content-filter', 'refusal']);

/** The reason of a response that is finished, but empty. */
export const EMPTY_TEXT = 'the model answered with an empty text';

/** Returns why a response does not count for any question: it is unfinished or empty. `undefined` if it counts. */
export const unusableReason = (response: ModelResponse): string | undefined => {
  const { finishReason } = response;
  if (finishReason !== undefined && unfinished.has(finishReason))
    return `the model did not finish: ${finishReason}${finishReason === 'length' ? '; raise "maxOutputTokens"' : ''}`;
  // Unknown may mean broken off, filtered or out of time, so it is no better than these.
  if (finishReason === 'other') {
    const word = providerMetadata(response)?.finishReason;
    return `the model stopped for an unknown reason${word === undefined ? '' : `: ${word}`}`;
  }
  return response.text.trim() === '' && !hasToolCalls(response) ? EMPTY_TEXT : undefined;
};

const hasToolCalls = ({ toolCalls }: ModelResponse): boolean =>
  Array.isArray(toolCalls) && toolCalls.length > 0;
