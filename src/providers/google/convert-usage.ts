import { isObject } from '../../domain/is-object.ts';
import type { Usage } from '../../domain/model.ts';
import { tokenCount } from '../token-count.ts';

/**
 * Converts the API's `usageMetadata`. The API's answer tokens exclude thought tokens; the returned output includes
 * them. The API omits counts of 0, so a missing output is computed from the total.
 *
 * @throws {MalformedResponseError} if a field is not a number of tokens.
 */
export const convertUsage = (model: string, usageMetadata: unknown): Usage | undefined => {
  if (!isObject(usageMetadata)) return undefined;
  const count = (name: string): number | undefined => tokenCount(model, usageMetadata, name);
  const prompt = count('promptTokenCount');
  const toolResults = count('toolUsePromptTokenCount') ?? 0;
  const candidates = count('candidatesTokenCount');
  const thoughts = count('thoughtsTokenCount');
  const total = count('totalTokenCount');
  const cachedInputTokens = count('cachedContentTokenCount');
  const inputTokens = prompt === undefined ? undefined : prompt + toolResults;
  const written =
    candidates === undefined && thoughts === undefined ? undefined : (candidates ?? 0) + (thoughts ?? 0);
  const left =
    total === undefined || inputTokens === undefined ? undefined : Math.max(0, total - inputTokens);
  const outputTokens = written ?? left;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return { inputTokens, cachedInputTokens, outputTokens, reasoningTokens: thoughts };
};
