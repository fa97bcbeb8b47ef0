import type { ModelIdentity } from '../domain/attempt.ts';
import type { Price, Pricing } from '../domain/pricing.ts';
import { toRecord } from '../domain/record.ts';
import { between, type Check, faultsOf, refuse } from '../options.ts';
import { parseName } from './parse-name.ts';
import { genaiPrices } from './published-prices.ts';

/** How many tokens one call is expected to read and to write, hidden reasoning included. */
export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a panel will cost, if each of its calls takes so many tokens. */
export interface CostEstimate {
  /** In USD; `undefined` where the price of any model is unknown, since a sum without it would be too low. */
  readonly totalUsd: number | undefined;
  /** The price of each model's call; `{}` where it is unknown. */
  readonly breakdown: Readonly<Record<string, Partial<Price>>>;
  /** The ids of the models whose price is unknown. */
  readonly unknown: readonly string[];
}

const count: Check = (value) => between(0, Number.MAX_SAFE_INTEGER)(value) && 'a number of tokens from 0 on';

const checks: Readonly<Record<string, Check>> = { inputTokens: count, outputTokens: count };

/**
 * What one question to a panel will cost, before it is asked: no request is made.
 *
 * @param models names, such as `openai/gpt-6-luna` or `gemini_flash`, or models.
 * @throws {ConfigError} listing every name that stands for no model, and counts that are none.
 *
 * @example
 * ```ts
 * import { estimateCost } from 'crucible-ensemble/pricing';
 *
 * const models = ['openai/gpt-6-luna', 'anthropic/claude-haiku-4-5'];
 * const { totalUsd, breakdown } = estimateCost(models, { inputTokens: 1000, outputTokens: 200 });
 * breakdown; // => { 'openai/gpt-6-luna': { usd: 0.0002 }, 'anthropic/claude-haiku-4-5': { usd: 0.002 } }
 * totalUsd?.toFixed(6); // => '0.002200'
 *
 * estimateCost([...models, 'ollama/llama3.2'], { inputTokens: 1000, outputTokens: 200 }).totalUsd; // => undefined
 * ```
 */
export const estimateCost = (
  models: readonly (string | ModelIdentity)[],
  tokens: TokenCounts,
  pricing: Pricing = genaiPrices(),
): CostEstimate => {
  const faults: string[] = [];
  const panel = models.flatMap((model) => {
    const parsed = typeof model === 'string' ? parseName(model) : model;
    if (!('fault' in parsed)) return [parsed];
    faults.push(`estimateCost: ${parsed.fault}`);
    return [];
  });
  refuse([
    ...faults,
    ...Object.keys(checks)
      .filter((name) => Reflect.get(tokens, name) === undefined)
      .map((name) => `estimateCost: option "${name}" is missing`),
    ...faultsOf('estimateCost', tokens, checks),
  ]);
  const calls = panel.map((model) => ({ id: model.id, price: pricing.priceOf(model, tokens) }));
  const unknown = calls.flatMap(({ id, price }) => (price === undefined ? [id] : []));
  return {
    totalUsd: unknown.length > 0 ? undefined : calls.reduce((sum, { price }) => sum + (price?.usd ?? 0), 0),
    breakdown: toRecord(new Map(calls.map(({ id, price }) => [id, price])), (price) => price ?? {}),
    unknown,
  };
};
