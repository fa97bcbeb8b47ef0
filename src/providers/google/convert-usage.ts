import { MalformedResponseError } from '../../domain/errors.ts';
import type { Usage } from '../../domain/model.ts';
import { asObject } from './as-object.ts';

/**
 * The tokens of a call, from the API's `usageMetadata`.
 *
 * There, the tokens of the answer exclude those of thoughts, and a count of 0 is left out: what is missing beside a
 * total is what the total leaves.
 *
 * @throws {MalformedResponseError} for a count that is no count.
 */
export const convertUsage = (model: string, usageMetadata: unknown): Usage | undefined => {
  if (typeof usageMetadata !== 'object' || usageMetadata === null) return undefined;
  const counts = asObject(usageMetadata);
  const count = (name: string): number | undefined => toCount(model, name, counts[name]);
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

const toCount = (model: string, name: string, value: unknown): number | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
  throw new MalformedResponseError(model, `reported a ${name} that is no number of tokens`);
};
