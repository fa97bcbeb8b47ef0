import { given } from '../../domain/given.ts';
import { toServiceTier } from '../../domain/service-tier.ts';
import { asObject } from '../as-object.ts';
import { joinUsages } from '../join-usage.ts';
import { type ReadUsage, readUsage } from '../token-count.ts';
import { firstChoices } from './choices.ts';

/**
 * Returns the usage in a completion or a chunk, with the tier that its price depends on. Some servers put it into the
 * choice, or Groq's own object.
 */
export const usageIn = (body: unknown): unknown => {
  const { usage, x_groq: groq, choices, service_tier } = asObject(body);
  const found = [...firstChoices(choices).map((choice) => choice.usage), usage].reduce(
    (joined, part) => joinUsages(joined, part),
    asObject(groq).usage,
  );
  return typeof service_tier === 'string' ? joinUsages(found, { service_tier }) : found;
};

/**
 * Converts the `usage` of a chat completion, or of the Responses API, which has its own names. Absent or empty is
 * `undefined`; 0 stays 0.
 */
export const toUsage = (reported: unknown): ReadUsage => {
  const fields = asObject(reported);
  const inputDetails = fields.prompt_tokens_details ?? fields.input_tokens_details ?? {};
  const outputDetails = fields.completion_tokens_details ?? fields.output_tokens_details ?? {};
  const odd: string[] = [];
  const { usage, warnings } = readUsage(reported, (count) => {
    const prompt = count('prompt_tokens') ?? count('input_tokens');
    const written = count('completion_tokens') ?? count('output_tokens');
    const total = count('total_tokens');
    if (prompt === undefined && written === undefined) return undefined;
    const read = count('cache_read_input_tokens');
    const created = count('cache_creation_input_tokens');
    const cached = (read ?? 0) + (created ?? 0);
    const sum = prompt === undefined || written === undefined ? undefined : prompt + written;
    const beyond = total === undefined || sum === undefined ? 0 : total - sum;
    // Bedrock and LiteLLM may count cached tokens, under the names of Anthropic, in addition to the input. A part is never larger.
    const isCacheApart = cached > 0 && (beyond === cached || (total === undefined && cached > (prompt ?? 0)));
    // OpenAI counts hidden reasoning in the output. xAI and Google's server count it in the total alone, and bill it.
    const hidden = isCacheApart ? 0 : Math.max(0, beyond);
    const isInputMissing = prompt === 0 && hidden > 0;
    if (beyond < 0) odd.push('the total of the usage is below the sum of its input and output');
    if (isInputMissing)
      odd.push('dropped the input of the usage, which is 0 although the total is above the output');
    return {
      inputTokens: isInputMissing || prompt === undefined ? undefined : prompt + (isCacheApart ? cached : 0),
      // DeepSeek has its own name for it.
      cachedInputTokens: isCacheApart
        ? read
        : (count('cached_tokens', inputDetails) ?? count('prompt_cache_hit_tokens') ?? read),
      cacheWriteTokens: isCacheApart ? created : (count('cache_write_tokens', inputDetails) ?? created),
      outputTokens: hidden > 0 && !isInputMissing ? (written ?? 0) + hidden : written,
      reasoningTokens: count('reasoning_tokens', outputDetails),
      ...given({
        // OpenAI says how long it keeps what it writes to its cache, in the Responses API.
        longCacheWriteTokens:
          count('ttl_12h_tokens', asObject(inputDetails).cache_write_tokens_details ?? {}) || undefined,
        audioInputTokens: count('audio_tokens', inputDetails) || undefined,
        audioOutputTokens: count('audio_tokens', outputDetails) || undefined,
        serviceTier: toServiceTier(fields.service_tier),
      }),
    };
  });
  return { usage, warnings: [...warnings, ...odd] };
};
