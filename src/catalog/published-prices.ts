import { estimateTokenCount } from 'tokenx';
import type { Usage } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { checked, ofType, reading, suchThat } from '../options.ts';
import { createListedPrices, hasCachedMedia } from './listed-price.ts';
import { catalog } from './models.ts';
import { overrideFaults } from './override-faults.ts';
import { type PriceOverride, priceByOverride } from './price-override.ts';
import { atTier } from './service-tiers.ts';

/** Options of {@link genaiPrices}. */
export interface GenaiPricesOptions {
  /**
   * Prices that take precedence over the list, by `provider/model` or by the `id` of a model. Several prices of one
   * model are in the order of their `from`. Default: none.
   */
  readonly overrides?: Readonly<Record<string, PriceOverride | readonly PriceOverride[]>>;
  /** The day of the prices, for calls of the past. Default: the time of `priceOf`. */
  readonly at?: Date;
}

/**
 * Returns the published prices of about a thousand models. Sends no requests. The prices are those of
 * `@pydantic/genai-prices`, which knows cached tokens, prices by length and prices by date. The catalog has prices of
 * models that the list lacks.
 *
 * A price is `isApproximate` if it is the price of another model, such as the family of a snapshot. There is no price
 * if the model is unknown or the usage contradicts itself.
 *
 * @throws {ConfigError} listing every invalid option.
 *
 * @example
 * ```ts
 * import { genaiPrices } from 'crucible-ensemble/pricing';
 *
 * const { priceOf } = genaiPrices({
 *   overrides: { 'my-proxy/large': { inputPerMillionUsd: 1, outputPerMillionUsd: 4 } },
 * });
 * const usage = { inputTokens: 10_000, outputTokens: 1_000 };
 * priceOf({ id: 'a', provider: 'anthropic', modelId: 'claude-haiku-5-5' }, usage); // => { usd: 0.0015 }
 * priceOf({ id: 'my-proxy/large' }, usage); // => { usd: 0.014 }
 * priceOf({ id: 'unheard-of' }, usage); // => undefined
 * ```
 */
export const genaiPrices = (options: GenaiPricesOptions = {}): Pricing => {
  return reading('genaiPrices', () => {
    const { overrides: passed, at: day } = checked(
      'genaiPrices',
      options,
      { overrides: [ofType('object'), {}], at: validDate },
      overrideFaults('genaiPrices', options?.overrides),
    );
    const overrides = new Map([...catalogPrices, ...Object.entries(passed)]);
    const listedPriceOf = createListedPrices();
    return {
      priceOf: ({ id, provider, modelId }, usage) => {
        if (!isConsistent(usage)) return undefined;
        const at = day ?? new Date();
        const override = overrides.get(id) ?? overrides.get(`${provider}/${modelId}`);
        if (override !== undefined) return priceByOverride(override, usage, { at, provider });
        if (provider === undefined || modelId === undefined) return undefined;
        const listed = listedPriceOf(provider, modelId, usage, at);
        if (listed === undefined) return undefined;
        const { usd, isItself } = listed;
        const price = isItself && !hasCachedMedia(usage) ? { usd } : { usd, isApproximate: true };
        return atTier(price, provider, usage.serviceTier);
      },
      countTokens,
    };
  });
};

const validDate = suchThat(
  'a valid Date',
  (value) => value instanceof Date && !Number.isNaN(value.getTime()),
);

const catalogPrices = catalog.flatMap(({ provider, modelId, prices }) =>
  prices === undefined ? [] : [[`${provider}/${modelId}`, prices] as const],
);

/** Whether all counts are valid and the parts do not exceed their totals. */
const isConsistent = (usage: Usage): boolean => {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  const { cachedInputTokens = 0, cacheWriteTokens = 0, longCacheWriteTokens = 0 } = usage;
  const { audioInputTokens = 0, reasoningTokens = 0, audioOutputTokens = 0, imageOutputTokens = 0 } = usage;
  return (
    isCount(inputTokens) &&
    isCount(outputTokens) &&
    isCount(cachedInputTokens) &&
    isCount(cacheWriteTokens) &&
    isCount(longCacheWriteTokens) &&
    isCount(audioInputTokens) &&
    isCount(reasoningTokens) &&
    isCount(audioOutputTokens) &&
    isCount(imageOutputTokens) &&
    cachedInputTokens + cacheWriteTokens <= inputTokens &&
    longCacheWriteTokens <= cacheWriteTokens &&
    audioInputTokens <= inputTokens &&
    reasoningTokens + audioOutputTokens + imageOutputTokens <= outputTokens
  );
};

const isCount = (tokens: unknown): boolean => Number.isFinite(tokens) && (tokens as number) >= 0;

/**
 * The length up to which a text is counted in full, in characters; longer texts are extrapolated. Two million
 * characters would take a third of a second, which blocks every call.
 */
const MAX_COUNTED_LENGTH = 65_536;

const countTokens = (text: string): number => {
  if (text.length <= MAX_COUNTED_LENGTH) return estimateTokenCount(text);
  const counted = estimateTokenCount(text.slice(0, MAX_COUNTED_LENGTH));
  return Math.round((counted * text.length) / MAX_COUNTED_LENGTH);
};
