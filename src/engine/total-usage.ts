import type { Cost } from '../domain/cost.ts';
import { UnusableResponseError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import type { ModelResponse, Usage } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';

const COUNTS = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'longCacheWriteTokens',
  'audioInputTokens',
  'outputTokens',
  'reasoningTokens',
  'audioOutputTokens',
  'imageOutputTokens',
] as const satisfies readonly (keyof Usage)[];

/**
 * Returns the tokens of all calls and their attempts. A response that was paid for earlier has none. Calls that were sent
 * of unknown usage are left out, and the sum says so. `undefined` if no call reports any.
 */
export const totalUsage = (outcomes: readonly Outcome[]): Usage | undefined => {
  // Many models report none, and then nothing is to be added up.
  return outcomes.some(mayHaveUsage) ? addedUp(outcomes) : undefined;
};

const addedUp = (outcomes: readonly Outcome[]): Usage | undefined => {
  const total: { -readonly [Name in (typeof COUNTS)[number]]?: number } = {};
  let isKnown = false;
  let isPartial = false;
  const add = (
    response: ModelResponse | undefined,
    { costUsd, costSource }: Pick<Cost, 'costUsd' | 'costSource'>,
  ): void => {
    if (response?.cached !== undefined) return;
    const usage = response?.usage;
    const counted = COUNTS.filter((name) => isCount(usage?.[name]));
    // A call that was never sent has no tokens.
    if (counted.length === 0) isPartial ||= !(costUsd === 0 && costSource === 'reported');
    else
      isPartial ||=
        usage?.isPartial === true || !isCount(usage?.inputTokens) || !isCount(usage?.outputTokens);
    for (const name of counted) {
      isKnown = true;
      total[name] = (total[name] ?? 0) + (usage?.[name] as number);
    }
  };
  for (const outcome of outcomes) {
    const { attempts = [] } = outcome;
    for (const attempt of attempts) {
      const { error } = attempt;
      add(isA(error, UnusableResponseError) ? error.response : undefined, attempt);
    }
    const last = 'response' in outcome ? outcome.response : undefined;
    // The cost of an outcome is that of all attempts, so that it says nothing of the last one if there were others.
    add(last, attempts.length === 0 ? outcome : { costUsd: undefined, costSource: 'unknown' });
  }
  return isKnown ? { ...total, ...(isPartial ? { isPartial: true } : {}) } : undefined;
};

const mayHaveUsage = (outcome: Outcome): boolean =>
  outcome.attempts !== undefined || ('response' in outcome && outcome.response.usage !== undefined);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
