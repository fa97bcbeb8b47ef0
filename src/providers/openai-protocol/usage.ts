import type { Usage } from '../../domain/model.ts';
import { fieldOf } from '../field.ts';
import { tokenCount } from '../token-count.ts';

/**
 * Converts the `usage` of a chat completion. Returns `undefined` if it is absent or empty; 0 stays 0.
 *
 * @throws {MalformedResponseError} if a field is not a number of tokens, such as −1.
 */
export const toUsage = (model: string, usage: unknown): Usage | undefined => {
  const count = (holder: unknown, name: string): number | undefined => tokenCount(model, holder, name);
  const inputTokens = count(usage, 'prompt_tokens');
  const written = count(usage, 'completion_tokens');
  if (inputTokens === undefined && written === undefined) return undefined;

  const inputDetails = fieldOf(usage, 'prompt_tokens_details');
  const reasoningTokens = count(fieldOf(usage, 'completion_tokens_details'), 'reasoning_tokens');
  // OpenAI counts hidden reasoning in the output. If the total shows that a server does not, such as xAI, it is added.
  const isReasoningApart =
    inputTokens !== undefined &&
    written !== undefined &&
    reasoningTokens !== undefined &&
    fieldOf(usage, 'total_tokens') === inputTokens + written + reasoningTokens;
  return {
    inputTokens,
    // DeepSeek has its own name for it.
    cachedInputTokens: count(inputDetails, 'cached_tokens') ?? count(usage, 'prompt_cache_hit_tokens'),
    cacheWriteTokens: count(inputDetails, 'cache_write_tokens'),
    outputTokens: isReasoningApart ? written + reasoningTokens : written,
    reasoningTokens,
  };
};
