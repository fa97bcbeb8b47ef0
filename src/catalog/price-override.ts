import type { Usage } from '../domain/model.ts';
import type { Price } from '../domain/pricing.ts';
import { atTier } from './service-tiers.ts';

/** The price of a million tokens, in USD. */
export interface TokenRates {
  readonly inputPerMillionUsd: number;
  /** Hidden reasoning included. */
  readonly outputPerMillionUsd: number;
  /** Input that is read from the provider's cache. Default: `inputPerMillionUsd`, and prices are approximate. */
  readonly cachedInputPerMillionUsd?: number;
  /** Input that is written to the provider's cache. Default: `inputPerMillionUsd`, and prices are approximate. */
  readonly cacheWritePerMillionUsd?: number;
}

/** The price of one model. It takes precedence over the price list. */
export interface PriceOverride extends TokenRates {
  /** The rates for all tokens of a call with more than `aboveTokens` input tokens. */
  readonly longInput?: TokenRates & { readonly aboveTokens: number };
  /** The rates of calls that another tier served, such as `{ flex: rates }`. Default: the provider's usual ratio to these. */
  readonly tiers?: Readonly<Record<string, TokenRates>>;
  /** The first day of this price, such as `2026-12-01` (UTC). Default: no limit. */
  readonly from?: string;
}

/** Returns the price of a call by the latest override in force on a day; `undefined` before the first one. */
export const priceByOverride = (
  overrides: PriceOverride | readonly PriceOverride[],
  usage: Usage,
  { at, provider }: { readonly at: Date; readonly provider?: string | undefined },
): Price | undefined => {
  const today = at.toISOString().slice(0, 10);
  const override = [overrides].flat().findLast(({ from = '' }) => from <= today);
  if (override === undefined) return undefined;
  const { inputTokens = 0, serviceTier = '' } = usage;
  const { longInput, tiers = {} } = override;
  const ofTier = Object.hasOwn(tiers, serviceTier) ? tiers[serviceTier] : undefined;
  if (ofTier !== undefined) return priceByRates(ofTier, usage);
  const isLong = longInput !== undefined && inputTokens > longInput.aboveTokens;
  return atTier(priceByRates(isLong ? longInput : override, usage), provider, serviceTier);
};

const priceByRates = (
  { inputPerMillionUsd, cachedInputPerMillionUsd, cacheWritePerMillionUsd, outputPerMillionUsd }: TokenRates,
  usage: Usage,
): Price => {
  const { inputTokens = 0, cachedInputTokens = 0, cacheWriteTokens = 0, outputTokens = 0 } = usage;
  const usd =
    ((inputTokens - cachedInputTokens - cacheWriteTokens) * inputPerMillionUsd +
      cachedInputTokens * (cachedInputPerMillionUsd ?? inputPerMillionUsd) +
      cacheWriteTokens * (cacheWritePerMillionUsd ?? inputPerMillionUsd) +
      outputTokens * outputPerMillionUsd) /
    1e6;
  const isApproximate =
    (cachedInputTokens > 0 && cachedInputPerMillionUsd === undefined) ||
    (cacheWriteTokens > 0 && cacheWritePerMillionUsd === undefined) ||
    [
      usage.longCacheWriteTokens,
      usage.audioInputTokens,
      usage.audioOutputTokens,
      usage.imageOutputTokens,
    ].some((tokens = 0) => tokens > 0);
  return isApproximate ? { usd, isApproximate } : { usd };
};
