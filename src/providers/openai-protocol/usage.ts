import { asObject } from '../as-object.ts';
import { type ReadUsage, readUsage } from '../token-count.ts';

/** Converts the `usage` of a chat completion. Absent or empty is `undefined`; 0 stays 0. */
export const toUsage = (reported: unknown): ReadUsage => {
  const { prompt_tokens_details, completion_tokens_details } = asObject(reported);
  let isTotalOdd = false;
  const { usage, warnings } = readUsage(reported, (count) => {
    const inputTokens = count('prompt_tokens');
    const written = count('completion_tokens');
    const total = count('total_tokens');
    if (inputTokens === undefined && written === undefined) return undefined;
    const sum = inputTokens === undefined || written === undefined ? undefined : inputTokens + written;
    // OpenAI counts hidden reasoning in the output. xAI and Google's server count it in the total alone, and bill it.
    const hidden = total === undefined || sum === undefined ? 0 : total - sum;
    isTotalOdd = hidden < 0;
    return {
      inputTokens,
      // DeepSeek has its own name for it.
      cachedInputTokens:
        count('cached_tokens', prompt_tokens_details ?? {}) ?? count('prompt_cache_hit_tokens'),
      cacheWriteTokens: count('cache_write_tokens', prompt_tokens_details ?? {}),
      outputTokens: hidden > 0 ? (written ?? 0) + hidden : written,
      reasoningTokens: count('reasoning_tokens', completion_tokens_details ?? {}),
    };
  });
  return {
    usage,
    warnings: isTotalOdd
      ? [...warnings, 'the total of the usage is below the sum of its input and output']
      : warnings,
  };
};
