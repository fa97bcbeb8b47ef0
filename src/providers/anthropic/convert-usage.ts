/**
 * Anthropic's Messages API: requests, messages, events and usage as JSON.
 */

import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import { toServiceTier } from '../../domain/service-tier.ts';
import { asObject } from '../as-object.ts';
import { joinUsages } from '../join-usage.ts';
import { type ReadUsage, readUsage } from '../token-count.ts';

/**
 * Converts the `usage` of a message. The API's input tokens exclude tokens that were read from the cache or written to
 * it; the returned ones include them. Absent is `undefined`; 0 stays 0. An input with a part that cannot be is unknown.
 */
export const convertUsage = (usage: unknown): ReadUsage =>
  readUsage(usage, (count) => {
    const reported = asObject(usage);
    const uncached = count('input_tokens');
    const cachedInputTokens = count('cache_read_input_tokens');
    const cacheWriteTokens = count('cache_creation_input_tokens');
    const outputTokens = count('output_tokens');
    const reasoningTokens = count('thinking_tokens', reported.output_tokens_details);
    const isCacheKnown =
      isKnown(cachedInputTokens, reported.cache_read_input_tokens) &&
      isKnown(cacheWriteTokens, reported.cache_creation_input_tokens);
    const inputTokens =
      uncached === undefined || !isCacheKnown
        ? undefined
        : uncached + (cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0);
    if (inputTokens === undefined && outputTokens === undefined) return undefined;
    return {
      ...{ inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens },
      ...given({
        longCacheWriteTokens: count('ephemeral_1h_input_tokens', reported.cache_creation ?? {}) || undefined,
        serviceTier: tierOf(reported),
      }),
    };
  });

/** Returns what makes a call cost more or less: its tier, fast mode, and the place of the servers. */
const tierOf = ({
  service_tier,
  speed,
  inference_geo,
}: Readonly<Record<string, unknown>>): string | undefined => {
  const place = inference_geo === 'us' ? inference_geo : undefined;
  const words = [toServiceTier(service_tier), toServiceTier(speed), place];
  return words.filter((word) => word !== undefined).join('_') || undefined;
};

/** Whether a count is a number of tokens or absent, and not one that was dropped. */
const isKnown = (count: number | undefined, reported: unknown): boolean =>
  count !== undefined || reported === undefined || reported === null;

/**
 * Joins the usage of a streamed message, from its start and its later events. Later counts are totals of the whole
 * message, so the greatest applies. Output counts at the start are placeholders and are dropped.
 */
export const joinUsage = (atStart: unknown, ...later: readonly unknown[]): unknown => {
  const start = isObject(atStart)
    ? Object.fromEntries(Object.entries(atStart).filter(([name]) => !name.startsWith('output_')))
    : atStart;
  return later.reduce((joined, usage) => joinUsages(joined, usage), start);
};
