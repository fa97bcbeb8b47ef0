import type { ModelIdentity } from '../domain/attempt.ts';
import { isObject } from '../domain/is-object.ts';
import type { Price, Pricing } from '../domain/pricing.ts';
import { toRecord } from '../domain/record.ts';
import { between, type Check, checked, faultsOf, reading, required, suchThat } from '../options.ts';
import { parseName } from './parse-name.ts';
import { genaiPrices } from './published-prices.ts';

/** The tokens of one call, as you expect them. */
export interface TokenCounts {
  readonly inputTokens: number;
  /** Hidden reasoning included. */
  readonly outputTokens: number;
}

/** The estimated cost of one question to a panel. */
export interface CostEstimate {
  /** In USD. `undefined` if any price is unknown, because a sum without it would be too low. */
  readonly totalUsd: number | undefined;
  /** The price of one call for each model; `{}` if it is unknown. */
  readonly breakdown: Readonly<Record<string, Partial<Price>>>;
  /** The ids of models without a known price. */
  readonly unknown: readonly string[];
}

const count: Check = (value) => between(0, Number.MAX_SAFE_INTEGER)(value) && 'a number of tokens from 0 on';

const namesAndModels = suchThat(
  'an array of names and models',
  (value) => Array.isArray(value) && value.every((model) => typeof model === 'string' || isObject(model)),
);

/**
 * Estimates the cost of one question to a panel. Sends no requests.
 *
 * @param models names, such as `openai/gpt-6-luna` or `gemini_flash`, and models.
 * @param pricing the prices. Default: the published ones, see {@link genaiPrices}.
 * @throws {ConfigError} listing every unknown name and every missing or invalid token count.
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
  return reading('estimateCost', () => {
    const named = (namesAndModels(models) === undefined ? models : []).map((model) =>
      typeof model === 'string' ? parseName(model) : model,
    );
    checked('estimateCost', tokens, { inputTokens: required(count), outputTokens: required(count) }, [
      ...faultsOf('estimateCost', { models }, { models: required(namesAndModels) }),
      ...named.flatMap((model) => ('fault' in model ? [`estimateCost: ${model.fault}`] : [])),
    ]);
    const panel = named.flatMap((model) => ('fault' in model ? [] : [model]));
    const calls = panel.map((model) => ({ id: model.id, price: pricing.priceOf(model, tokens) }));
    const unknown = calls.flatMap(({ id, price }) => (price === undefined ? [id] : []));
    return {
      totalUsd: unknown.length > 0 ? undefined : calls.reduce((sum, { price }) => sum + (price?.usd ?? 0), 0),
      breakdown: toRecord(new Map(calls.map(({ id, price }) => [id, price])), (price) => price ?? {}),
      unknown,
    };
  });
};
