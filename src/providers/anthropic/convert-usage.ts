/**
 * Anthropic's Messages API: requests, messages, events and usage as JSON.
 */

import { isObject } from '../../domain/is-object.ts';
import type { Usage } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { tokenCount } from '../token-count.ts';

/**
 * Converts the `usage` of a message. The API's input tokens exclude tokens that were read from the cache or written to
 * it; the returned ones include them. Absent is `undefined`; 0 stays 0.
 *
 * @throws {MalformedResponseError} if a field is not a number of tokens, such as −1.
 */
export const convertUsage = (model: string, usage: unknown): Usage | undefined => {
  const { output_tokens_details: details } = asObject(usage);
  const count = (name: string): number | undefined => tokenCount(model, usage, name);
  const uncached = count('input_tokens');
  const cachedInputTokens = count('cache_read_input_tokens');
  const cacheWriteTokens = count('cache_creation_input_tokens');
  const outputTokens = count('output_tokens');
  const reasoningTokens = tokenCount(model, details, 'thinking_tokens');
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
 * Joins the usage at the start and at the end of a streamed message. Counts at the end are totals of the whole message.
 * Output counts at the start are placeholders and are dropped.
 */
export const joinUsage = (atStart: unknown, atEnd: unknown): unknown => {
  const known = (usage: unknown): [string, unknown][] =>
    Object.entries(isObject(usage) ? usage : {}).filter(([, value]) => value !== null);
  return Object.fromEntries([
    ...known(atStart).filter(([name]) => !name.startsWith('output_')),
    ...known(atEnd),
  ]);
};
