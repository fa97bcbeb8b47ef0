import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { estimateTokenCount } from 'tokenx';
import type { Usage } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { type Check, faultsOf, ofType, refuse } from '../options.ts';
import { catalog } from './models.ts';
import { overrideFaults } from './override-faults.ts';
import { type PriceOverride, priceByOverride } from './price-override.ts';

/** Options of {@link genaiPrices}. */
export interface GenaiPricesOptions {
  /**
   * Prices that go before those of the list, under `provider/model` or the `id` of a model; several for one
   * model stand in the order of their `from`.
   */
  readonly overrides?: Readonly<Record<string, PriceOverride | readonly PriceOverride[]>>;
  /** The day whose prices are meant, for calls of the past. Default: the moment of asking. */
  readonly at?: Date;
}

/**
 * The published prices of some thousand models, without any request: those of `@pydantic/genai-prices`, which
 * knows cached tokens, prices by length and prices by date, and of the catalog for models that it lacks.
 *
 * A price is `isApproximate` when it is another model's, such as that of the snapshot or the family it belongs
 * to. Where nothing is known of a model or the usage contradicts itself, there is no price.
 *
 * @throws {ConfigError} listing every fault of the options at once.
 *
 * @example
 * ```ts
 * import { genaiPrices } from 'crucible-ensemble/pricing';
 *
 * const { priceOf } = genaiPrices({
 *   overrides: { 'my-proxy/large': { inputPerMillionUsd: 1, outputPerMillionUsd: 4 } },
 * });
 * const usage = { inputTokens: 10_000, outputTokens: 1_000 };
 * priceOf({ id: 'a', provider: 'anthropic', modelId: 'claude-haiku-4-5' }, usage); // => { usd: 0.015 }
 * priceOf({ id: 'my-proxy/large' }, usage); // => { usd: 0.014 }
 * priceOf({ id: 'unheard-of' }, usage); // => undefined
 * ```
 */
export const genaiPrices = (options: GenaiPricesOptions = {}): Pricing => {
  refuse([...faultsOf('genaiPrices', options, checks), ...overrideFaults('genaiPrices', options.overrides)]);
  const overrides = new Map([...catalogPrices, ...Object.entries(options.overrides ?? {})]);
  return {
    priceOf: ({ id, provider, modelId }, usage) => {
      if (!isConsistent(usage)) return undefined;
      const at = options.at ?? new Date();
      const override = overrides.get(id) ?? overrides.get(`${provider}/${modelId}`);
      if (override !== undefined) return priceByOverride(override, usage, at);
      const providerId = provider === undefined ? undefined : listedProvider(provider);
      if (providerId === undefined || modelId === undefined) return undefined;
      const priced = calcPrice(toListUsage(usage), modelId, { providerId, timestamp: at });
      if (priced === null) return undefined;
      const { model, provider: seller, total_price: usd } = priced;
      // Patterns may take a newer model for an older one, and some sellers are given the prices of the maker.
      const isItself = model.id === modelId && seller.models.includes(model);
      return isItself ? { usd } : { usd, isApproximate: true };
    },
    countTokens,
  };
};

const isDate: Check = (value) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : 'a valid Date';

const checks: Readonly<Record<string, Check>> = { overrides: ofType('object'), at: isDate };

const catalogPrices = catalog.flatMap(({ provider, modelId, prices }) =>
  prices === undefined ? [] : [[`${provider}/${modelId}`, prices] as const],
);

/** Providers that the list has under another name. */
const otherNames: ReadonlyMap<string, string> = new Map([['xai', 'x-ai']]);

/** The list also takes names that only look like a provider's, such as `openai-compatible`, for that provider's. */
const listedProvider = (provider: string): string | undefined => {
  const providerId = otherNames.get(provider) ?? provider;
  return findProvider({ providerId })?.id === providerId ? providerId : undefined;
};

/** Whether the counts are counts, and the parts no more than the whole: no price can be made of others. */
const isConsistent = ({
  inputTokens = 0,
  cachedInputTokens = 0,
  cacheWriteTokens = 0,
  outputTokens = 0,
  reasoningTokens = 0,
}: Usage): boolean =>
  [inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens].every(
    (count) => Number.isFinite(count) && count >= 0,
  ) &&
  cachedInputTokens + cacheWriteTokens <= inputTokens &&
  reasoningTokens <= outputTokens;

const toListUsage = (usage: Usage): Record<string, number | undefined> => ({
  input_tokens: usage.inputTokens,
  cache_read_tokens: usage.cachedInputTokens,
  cache_write_tokens: usage.cacheWriteTokens,
  output_tokens: usage.outputTokens,
  output_reasoning_tokens: usage.reasoningTokens,
});

/** A text of two million characters takes a third of a second to count, during which every call waits. */
const MAX_COUNTED_LENGTH = 65_536;

const countTokens = (text: string): number => {
  if (text.length <= MAX_COUNTED_LENGTH) return estimateTokenCount(text);
  const counted = estimateTokenCount(text.slice(0, MAX_COUNTED_LENGTH));
  return Math.round((counted * text.length) / MAX_COUNTED_LENGTH);
};
