import type { Usage } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { tokenCount } from '../token-count.ts';

/**
 * Converts the `usage` of a chat completion. Returns `undefined` if it is absent or empty; 0 stays 0.
 *
 * @throws {MalformedResponseError} if a field is not a number of tokens, such as −1.
 */
export const toUsage = (model: string, usage: unknown): Usage | undefined => {
  const count = (name: string): number | undefined => tokenCount(model, usage, name);
  const inputTokens = count('prompt_tokens');
  const written = count('completion_tokens');
  if (inputTokens === undefined && written === undefined) return undefined;

  const { prompt_tokens_details, completion_tokens_details, total_tokens } = asObject(usage);
  const reasoningTokens = tokenCount(model, completion_tokens_details, 'reasoning_tokens');
  // OpenAI counts hidden reasoning in the output. If the total shows that a server does not, such as xAI, it is added.
  const isReasoningApart =
    inputTokens !== undefined &&
    written !== undefined &&
    reasoningTokens !== undefined &&
    total_tokens === inputTokens + written + reasoningTokens;
  return {
    inputTokens,
    // DeepSeek has its own name for it.
    cachedInputTokens:
      tokenCount(model, prompt_tokens_details, 'cached_tokens') ?? count('prompt_cache_hit_tokens'),
    cacheWriteTokens: tokenCount(model, prompt_tokens_details, 'cache_write_tokens'),
    outputTokens: isReasoningApart ? written + reasoningTokens : written,
    reasoningTokens,
  };
};
