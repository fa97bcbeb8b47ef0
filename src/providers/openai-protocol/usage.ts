import { MalformedResponseError } from '../../domain/errors.ts';
import type { Usage } from '../../domain/model.ts';
import { fieldOf } from './field.ts';

/**
 * The tokens of a chat completion, from its `usage` as it was served. Absent, or with nothing in it, is unknown;
 * 0 stays 0.
 *
 * @throws {MalformedResponseError} for a count that cannot be one, such as −1.
 */
export const toUsage = (model: string, served: unknown): Usage | undefined => {
  const count = (value: unknown): number | undefined => {
    if (value === undefined || value === null) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw new MalformedResponseError(model, 'the usage has a count of tokens that cannot be one');
  };
  const inputTokens = count(fieldOf(served, 'prompt_tokens'));
  const written = count(fieldOf(served, 'completion_tokens'));
  if (inputTokens === undefined && written === undefined) return undefined;

  const inputDetails = fieldOf(served, 'prompt_tokens_details');
  const reasoningTokens = count(fieldOf(fieldOf(served, 'completion_tokens_details'), 'reasoning_tokens'));
  return {
    inputTokens,
    // DeepSeek has its own name for it.
    cachedInputTokens: count(
      fieldOf(inputDetails, 'cached_tokens') ?? fieldOf(served, 'prompt_cache_hit_tokens'),
    ),
    cacheWriteTokens: count(fieldOf(inputDetails, 'cache_write_tokens')),
    outputTokens: withReasoning(inputTokens, written, reasoningTokens, fieldOf(served, 'total_tokens')),
    reasoningTokens,
  };
};

/** OpenAI counts hidden reasoning in the output. Where it is missing there, as at xAI, the total gives that away. */
const withReasoning = (
  input: number | undefined,
  output: number | undefined,
  reasoning: number | undefined,
  total: unknown,
): number | undefined =>
  input !== undefined && output !== undefined && reasoning && total === input + output + reasoning
    ? output + reasoning
    : output;
