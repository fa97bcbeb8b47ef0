import type { Usage } from '../../domain/model.ts';
import type { JsonObject } from '../dialect.ts';

/** The tokens of all calls of a prediction, in the words of chat completions. */
export const chatUsage = (usage: Usage = {}): JsonObject => {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens ?? 0 },
  };
};
