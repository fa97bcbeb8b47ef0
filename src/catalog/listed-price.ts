import {
  calcPrice,
  findProvider,
  type ModelInfo,
  type ModelPrice,
  type Provider,
} from '@pydantic/genai-prices';
import { given } from '../domain/given.ts';
import type { Usage } from '../domain/model.ts';

/** The price of a call in the list. */
export interface ListedPrice {
  readonly usd: number;
  /** Whether it is the price of this model at this provider: the list matches names by patterns. */
  readonly isItself: boolean;
}

/** Returns the price of a call of a model at a moment; `undefined` if the list has none. */
export type ListedPriceOf = (
  provider: string,
  modelId: string,
  usage: Usage,
  at: Date,
) => ListedPrice | undefined;

/** Providers with another name in the list. */
const otherNames: ReadonlyMap<string, string> = new Map([['xai', 'x-ai']]);

/** Matches the whole name, because the list would also take `openai-compatible` for `openai`. */
const listedProvider = (name: string): Provider | undefined => {
  const providerId = otherNames.get(name) ?? name;
  const provider = findProvider({ providerId });
  return provider?.id === providerId ? provider : undefined;
};

/** Looks a price up in the list. Takes 15 µs to 45 µs. */
export const plainListedPrice: ListedPriceOf = (name, modelId, usage, timestamp) => {
  const provider = listedProvider(name);
  return provider && priceOf(lookUp(provider, modelId, usage, timestamp), modelId);
};

const lookUp = ({ id: providerId }: Provider, modelId: string, usage: Usage, timestamp: Date) =>
  calcPrice(toListUsage(usage), modelId, { providerId, timestamp });

const priceOf = (found: ReturnType<typeof calcPrice>, modelId: string): ListedPrice | undefined =>
  found === null
    ? undefined
    : {
        usd: found.total_price,
        // The list may find an older model, or the maker's price for a reseller.
        isItself: found.model.id === modelId && found.provider.models.includes(found.model),
      };

/** What is known of a model for one minute. */
interface Entry {
  /** A new one if the list was updated. */
  readonly provider: Provider;
  readonly minute: number;
  /** `none` if the list has no price of the model, `complex` if each call is looked up. */
  readonly rates: Rates | 'none' | 'complex';
}

/** Prices in the order in which they are added up, so that no last digit differs. */
interface Rates {
  readonly isItself: boolean;
  readonly parts: readonly Part[];
  /** Whether these tokens have a price of their own, and are no part of the other input. */
  readonly hasCached: boolean;
  readonly hasWritten: boolean;
}

interface Part {
  readonly tokens: 'input' | 'cached' | 'written' | 'output';
  readonly price: number;
  /** Prices that replace it if a call has more input tokens than `start`, in ascending order. */
  readonly tiers: readonly { readonly start: number; readonly price: number }[] | undefined;
}

/** More models than any caller asks. */
const MAX_ENTRIES = 1000;
const MINUTE_MS = 60_000;

/**
 * Returns {@link plainListedPrice} that looks the rates of a model up once a minute, and calculates with them: a call takes
 * a hundredth of the time. The plain lookup is its oracle, in a test over the whole list and, for three usages, each
 * time that rates are looked up. It answers for all else: audio, images, prices that begin within a minute.
 */
export const createListedPrices = (): ListedPriceOf => {
  const entries = new Map<string, Entry>();
  return (name, modelId, usage, at) => {
    const provider = listedProvider(name);
    if (provider === undefined) return undefined;
    const key = `${name}/${modelId}`;
    const minute = Math.floor(at.getTime() / MINUTE_MS);
    let entry = entries.get(key);
    if (entry?.provider !== provider || entry.minute !== minute) {
      if (entries.size >= MAX_ENTRIES) entries.clear();
      entry = { provider, minute, rates: ratesOf(provider, modelId, at) };
      entries.set(key, entry);
    }
    const { rates } = entry;
    if (rates === 'none') return undefined;
    return rates !== 'complex' && isPlain(usage)
      ? { usd: calculate(rates, usage), isItself: rates.isItself }
      : priceOf(lookUp(provider, modelId, usage, at), modelId);
  };
};

/** Whether only tokens of text are counted, in numbers that add up without rounding. */
const isPlain = (usage: Usage): boolean =>
  isCount(usage.inputTokens) &&
  isCount(usage.cachedInputTokens) &&
  isCount(usage.cacheWriteTokens) &&
  isCount(usage.outputTokens) &&
  !usage.longCacheWriteTokens &&
  !usage.audioInputTokens &&
  !usage.audioOutputTokens &&
  !usage.imageOutputTokens;

const isCount = (tokens: number | undefined): boolean => tokens === undefined || Number.isSafeInteger(tokens);

const calculate = ({ parts, hasCached, hasWritten }: Rates, usage: Usage): number => {
  const { inputTokens = 0, cachedInputTokens = 0, cacheWriteTokens = 0, outputTokens = 0 } = usage;
  const cached = hasCached ? cachedInputTokens : 0;
  const written = hasWritten ? cacheWriteTokens : 0;
  let inputUsd = 0;
  let outputUsd = 0;
  for (const part of parts) {
    if (part.tokens === 'output') outputUsd += usdOf(part, outputTokens, inputTokens);
    else if (part.tokens === 'cached') inputUsd += usdOf(part, cached, inputTokens);
    else if (part.tokens === 'written') inputUsd += usdOf(part, written, inputTokens);
    else inputUsd += usdOf(part, inputTokens - cached - written, inputTokens);
  }
  return inputUsd + outputUsd;
};

const usdOf = ({ price: base, tiers }: Part, tokens: number, inputTokens: number): number => {
  if (tiers === undefined) return (base * tokens) / 1e6;
  let price = base;
  for (const tier of tiers) if (inputTokens > tier.start) price = tier.price;
  // As the list rounds it.
  return (((price * tokens) / 1e6) * 1e6) / 1e6;
};

const tokensOf: ReadonlyMap<string, Part['tokens']> = new Map([
  ['input_mtok', 'input'],
  ['cache_read_mtok', 'cached'],
  ['cache_write_mtok', 'written'],
  ['output_mtok', 'output'],
]);

/** Usages with prices that show each rate below and above all tiers, and any price of a call itself. */
const samples: readonly Usage[] = [
  {},
  {
    inputTokens: 1013,
    cachedInputTokens: 307,
    cacheWriteTokens: 211,
    outputTokens: 401,
    reasoningTokens: 103,
  },
  { inputTokens: 9_000_011, cachedInputTokens: 3_000_017, cacheWriteTokens: 1_000_003, outputTokens: 501 },
];

const ratesOf = (provider: Provider, modelId: string, at: Date): Entry['rates'] => {
  try {
    const found = lookUp(provider, modelId, {}, at);
    if (found === null) return 'none';
    if (!changesAtFullMinutes(found.model)) return 'complex';
    const rates = toRates(found.model_price, priceOf(found, modelId)?.isItself === true);
    const isExact = samples.every(
      (usage) => lookUp(provider, modelId, usage, at)?.total_price === calculate(rates, usage),
    );
    return isExact ? rates : 'complex';
  } catch {
    return 'complex';
  }
};

const toRates = (prices: ModelPrice, isItself: boolean): Rates => {
  const parts = Object.entries(prices).flatMap(([key, price]): Part[] => {
    const tokens = tokensOf.get(key);
    if (tokens === undefined || price === undefined) return [];
    return typeof price === 'number'
      ? [{ tokens, price, tiers: undefined }]
      : [{ tokens, price: price.base, tiers: price.tiers.toSorted((a, b) => a.start - b.start) }];
  });
  const has = (tokens: Part['tokens']): boolean => parts.some((part) => part.tokens === tokens);
  return { isItself, parts, hasCached: has('cached'), hasWritten: has('written') };
};

const changesAtFullMinutes = ({ prices }: ModelInfo): boolean =>
  !Array.isArray(prices) ||
  prices.every(({ constraint }) => {
    if (constraint === undefined) return true;
    return 'start_date' in constraint
      ? /^\d{4}-\d\d-\d\d$/.test(constraint.start_date)
      : [constraint.start_time, constraint.end_time].every((time) =>
          /^\d\d:\d\d:00(Z|[+-]\d\d:\d\d)$/.test(time),
        );
  });

/** Whether some audio may have been read from the cache: no provider says how much of it. */
export const hasCachedMedia = ({ audioInputTokens = 0, cachedInputTokens = 0 }: Usage): boolean =>
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
