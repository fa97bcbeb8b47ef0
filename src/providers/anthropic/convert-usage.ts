import { MalformedResponseError } from '../../domain/errors.ts';
import type { Usage } from '../../domain/model.ts';
import { fieldOf } from '../openai-protocol/field.ts';

/**
 * The tokens of a message, from its `usage` as it was served. There, the input is without what was read from the
 * cache and written to it; here, it is with both. Absent is unknown; 0 stays 0.
 *
 * @throws {MalformedResponseError} for a count that cannot be one, such as −1.
 */
export const convertUsage = (model: string, served: unknown): Usage | undefined => {
  const count = (value: unknown): number | undefined => {
    if (value === undefined || value === null) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw new MalformedResponseError(model, 'the usage has a count of tokens that cannot be one');
  };
  const uncached = count(fieldOf(served, 'input_tokens'));
  const cachedInputTokens = count(fieldOf(served, 'cache_read_input_tokens'));
  const cacheWriteTokens = count(fieldOf(served, 'cache_creation_input_tokens'));
  const outputTokens = count(fieldOf(served, 'output_tokens'));
  const reasoningTokens = count(fieldOf(fieldOf(served, 'output_tokens_details'), 'thinking_tokens'));
  if (uncached === undefined && outputTokens === undefined) return undefined;
  return {
    inputTokens:
      uncached === undefined ? undefined : uncached + (cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0),
    cachedInputTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens,
  };
};

/**
 * The usage of a streamed message: what it began with, and what it says at its end, which counts from its
 * beginning. The output that it begins with is not yet an amount of anything.
 */
export const joinUsage = (atStart: unknown, atEnd: unknown): unknown => {
  const known = (served: unknown): [string, unknown][] =>
    typeof served === 'object' && served !== null
      ? Object.entries(served).filter(([, value]) => value !== null)
      : [];
  return Object.fromEntries([
    ...known(atStart).filter(([name]) => !name.startsWith('output_')),
    ...known(atEnd),
  ]);
};
