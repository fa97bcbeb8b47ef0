import type { ModelIdentity } from '../domain/attempt.ts';
import { given } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Price, Pricing } from '../domain/pricing.ts';
import { toRecord } from '../domain/record.ts';
import { between, type Check, checked, faultsOf, reading, required, suchThat } from '../options.ts';
import { overrideFaults } from './override-faults.ts';
import { parseName } from './parse-name.ts';
import { type PriceOverride, priceByOverride } from './price-override.ts';
import { genaiPrices } from './published-prices.ts';

/** The tokens of one call, as you expect them. */
export interface TokenCounts {
  readonly inputTokens: number;
  /** Hidden reasoning included. */
  readonly outputTokens: number;
}

/** A model of an estimate by name, with the price that it states. */
export interface PricedName {
  readonly model: string;
  readonly id?: string;
  readonly price?: PriceOverride;
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

const count: Check = (value) =>
  between(0, Number.MAX_SAFE_INTEGER)(value) && 'a number of tokens, at least 0';

const namesAndModels = suchThat(
  'an array of names and models',
  (value) => Array.isArray(value) && value.every((model) => typeof model === 'string' || isObject(model)),
);

/**
 * Estimates the cost of one question to a panel. Sends no requests.
 *
 * @param models names, such as `openai/gpt-6-luna` or `gemini_flash`, names with options, and models.
 * @param pricing the prices. Default: the published ones, see {@link genaiPrices}.
 * @throws {ConfigError} listing every unknown name and every missing or invalid token count.
 *
 * @example
 * ```ts
 * import { estimateCost } from 'crucible-ensemble/pricing';
 *
 * const models = ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5'];
 * const { totalUsd, breakdown } = estimateCost(models, { inputTokens: 1000, outputTokens: 200 });
 * breakdown; // => { 'openai/gpt-6-luna': { usd: 0.0002 }, 'anthropic/claude-haiku-5-5': { usd: 0.0002 } }
 * totalUsd?.toFixed(6); // => '0.000400'
 *
 * estimateCost([...models, 'ollama/llama3.2'], { inputTokens: 1000, outputTokens: 200 }).totalUsd; // => undefined
 * ```
 */
export const estimateCost = (
  models: readonly (string | PricedName | ModelIdentity)[],
  tokens: TokenCounts,
  pricing: Pricing = genaiPrices(),
): CostEstimate => {
  return reading('estimateCost', () => {
    const members = namesAndModels(models) === undefined ? models : [];
    const named = members.map(identified);
    checked('estimateCost', tokens, { inputTokens: required(count), outputTokens: required(count) }, [
      ...faultsOf('estimateCost', { models }, { models: required(namesAndModels) }),
      ...named.flatMap((model) => ('fault' in model ? [`estimateCost: ${model.fault}`] : [])),
      ...members.flatMap((model) =>
        isPricedName(model) && model.price !== undefined
          ? overrideFaults('estimateCost', { [model.model]: model.price })
          : [],
      ),
    ]);
    const panel = named.flatMap((model) => ('fault' in model ? [] : [model]));
    const calls = panel.map((model) => ({
      id: model.id,
      price:
        model.price === undefined
          ? pricing.priceOf(model, tokens)
          : priceByOverride(model.price, tokens, { at: new Date() }),
    }));
    const unknown = calls.flatMap(({ id, price }) => (price === undefined ? [id] : []));
    return {
      totalUsd: unknown.length > 0 ? undefined : calls.reduce((sum, { price }) => sum + (price?.usd ?? 0), 0),
      breakdown: toRecord(new Map(calls.map(({ id, price }) => [id, price])), (price) => price ?? {}),
      unknown,
    };
  });
};

/** A model with the price that it states, or the fault of its name. */
type Identified = (ModelIdentity & Pick<PricedName, 'price'>) | { readonly fault: string };

const isPricedName = (model: string | PricedName | ModelIdentity): model is PricedName =>
  isObject(model) && 'model' in model && typeof model.model === 'string';

const identified = (model: string | PricedName | ModelIdentity): Identified => {
  if (typeof model === 'string') return parseName(model);
  if (!isPricedName(model)) return model;
  const { model: name, id = name, price } = model;
  const named = parseName(name);
  // A model of one's own needs no known name, if its price is stated.
  if ('fault' in named) return price === undefined ? named : { id, price };
  return { ...named, id, ...given({ price }) };
};
