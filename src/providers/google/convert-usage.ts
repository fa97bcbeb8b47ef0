import { given } from '../../domain/given.ts';
import { toServiceTier } from '../../domain/service-tier.ts';
import { asObject } from '../as-object.ts';
import { type ReadUsage, readUsage } from '../token-count.ts';

/**
 * Converts the API's `usageMetadata`. The API's answer tokens exclude thought tokens; the returned output includes
 * them. The API omits counts of 0, so an absent output is computed from the total. A sum with a part that is not a number
 * of tokens is unknown.
 *
 * @param tier the tier that served the call, in the provider's word.
 */
export const convertUsage = (usageMetadata: unknown, tier?: unknown): ReadUsage =>
  readUsage(usageMetadata, (count) => {
    const prompt = count('promptTokenCount');
    const toolResults = count('toolUsePromptTokenCount');
    const candidates = count('candidatesTokenCount');
    const thoughts = count('thoughtsTokenCount');
    const total = count('totalTokenCount');
    const cachedInputTokens = count('cachedContentTokenCount');
    const isDropped = (name: string, value: number | undefined): boolean =>
      value === undefined && (asObject(usageMetadata)[name] ?? null) !== null;

    const inputTokens =
      prompt === undefined || isDropped('toolUsePromptTokenCount', toolResults)
        ? undefined
        : prompt + (toolResults ?? 0);
    const isWritten = candidates !== undefined || thoughts !== undefined;
    const isPartDropped =
      isDropped('candidatesTokenCount', candidates) || isDropped('thoughtsTokenCount', thoughts);
    const written = isPartDropped ? undefined : (candidates ?? 0) + (thoughts ?? 0);
    const outputTokens = isWritten || isPartDropped ? written : difference(total, inputTokens);
    if (inputTokens === undefined && outputTokens === undefined) return undefined;
    const read = detailsOf(usageMetadata, ['promptTokensDetails', 'toolUsePromptTokensDetails']);
    const drawn = detailsOf(usageMetadata, ['candidatesTokensDetails']);
    const tokensOf = (modality: string, details: readonly unknown[]): number | undefined =>
      details
        .filter((detail) => asObject(detail).modality === modality)
        .reduce((sum: number, detail) => sum + (count('tokenCount', detail) ?? 0), 0) || undefined;
    return {
      ...{ inputTokens, cachedInputTokens, outputTokens, reasoningTokens: thoughts },
      ...given({
        audioInputTokens: tokensOf('AUDIO', read),
        audioOutputTokens: tokensOf('AUDIO', drawn),
        imageOutputTokens: tokensOf('IMAGE', drawn),
        serviceTier: toServiceTier(tier),
      }),
    };
  });

/** Returns the counts of a usage by their modality. */
const detailsOf = (usage: unknown, names: readonly string[]): readonly unknown[] =>
  names.flatMap((name) => asObject(usage)[name] ?? []);

/** The rest of a total without one part of it; `undefined` if either is unknown or the total is the smaller one. */
const difference = (total: number | undefined, part: number | undefined): number | undefined =>
  total === undefined || part === undefined || total < part ? undefined : total - part;
