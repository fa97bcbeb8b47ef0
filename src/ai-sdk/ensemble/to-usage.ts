import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '../../domain/model.ts';
import { toJson } from './to-json.ts';

/** Converts the tokens of all calls of a prediction. A total that is not known is `undefined`. */
export const toUsage = (usage: Usage = {}): LanguageModelV4Usage => {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage;
  return {
    inputTokens: {
      total: inputTokens,
      noCache: without(inputTokens, cachedInputTokens, cacheWriteTokens),
      cacheRead: cachedInputTokens,
      cacheWrite: cacheWriteTokens,
    },
    outputTokens: {
      total: outputTokens,
      text: without(outputTokens, reasoningTokens),
      reasoning: reasoningTokens,
    },
    raw: toJson(usage),
  };
};

const without = (total: number | undefined, ...parts: readonly (number | undefined)[]): number | undefined =>
  total === undefined ? undefined : parts.reduce((rest: number, part = 0) => rest - part, total);
