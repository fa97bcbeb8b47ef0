import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { estimateTokenCount } from 'tokenx';
import { given } from '../domain/given.ts';
import type { Usage } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { checked, ofType, reading, suchThat } from '../options.ts';
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
    return {
      priceOf: ({ id, provider, modelId }, usage) => {
        if (!isConsistent(usage)) return undefined;
        const at = day ?? new Date();
        const override = overrides.get(id) ?? overrides.get(`${provider}/${modelId}`);
        if (override !== undefined) return priceByOverride(override, usage, { at, provider });
        const providerId = provider === undefined ? undefined : listedProvider(provider);
        if (providerId === undefined || modelId === undefined) return undefined;
        const priced = calcPrice(toListUsage(usage), modelId, { providerId, timestamp: at });
        if (priced === null) return undefined;
        const { model, provider: seller, total_price: usd } = priced;
        // The list matches names by patterns, so it may find an older model, or the maker's price for a reseller.
        const isItself = model.id === modelId && seller.models.includes(model);
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

/** Providers with another name in the list. */
const otherNames: ReadonlyMap<string, string> = new Map([['xai', 'x-ai']]);

/** Matches the whole name, because the list would also take `openai-compatible` for `openai`. */
const listedProvider = (provider: string): string | undefined => {
  const providerId = otherNames.get(provider) ?? provider;
  return findProvider({ providerId })?.id === providerId ? providerId : undefined;
};

/** Whether all counts are valid and the parts do not exceed their totals. */
const isConsistent = ({ inputTokens = 0, outputTokens = 0, ...usage }: Usage): boolean => {
  const { cachedInputTokens = 0, cacheWriteTokens = 0, longCacheWriteTokens = 0 } = usage;
  const { audioInputTokens = 0, reasoningTokens = 0, audioOutputTokens = 0, imageOutputTokens = 0 } = usage;
  const parts = [cachedInputTokens, cacheWriteTokens, longCacheWriteTokens, audioInputTokens];
  const written = [reasoningTokens, audioOutputTokens, imageOutputTokens];
  return (
    [inputTokens, outputTokens, ...parts, ...written].every(
      (count) => Number.isFinite(count) && count >= 0,
    ) &&
    cachedInputTokens + cacheWriteTokens <= inputTokens &&
    longCacheWriteTokens <= cacheWriteTokens &&
    audioInputTokens <= inputTokens &&
    written.reduce((sum, tokens) => sum + tokens) <= outputTokens
  );
};

/** Whether some audio may have been read from the cache: no provider says how much of it. */
const hasCachedMedia = ({ audioInputTokens = 0, cachedInputTokens = 0 }: Usage): boolean =>
  audioInputTokens > 0 && cachedInputTokens > 0;

const toListUsage = (usage: Usage): Record<string, number | undefined> => {
  const { inputTokens = 0, cachedInputTokens = 0, audioInputTokens = 0 } = usage;
  return {
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cachedInputTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    output_tokens: usage.outputTokens,
    output_reasoning_tokens: usage.reasoningTokens,
    ...given({
      cache_write_1h_tokens: usage.longCacheWriteTokens,
      input_audio_tokens: usage.audioInputTokens,
      output_audio_tokens: usage.audioOutputTokens,
      output_image_tokens: usage.imageOutputTokens,
    }),
    // The least that must have been: what is not cached costs more.
    ...(hasCachedMedia(usage) && {
      cache_audio_read_tokens: Math.max(0, audioInputTokens + cachedInputTokens - inputTokens),
    }),
  };
};

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
