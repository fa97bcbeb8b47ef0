import type { Usage } from '../domain/model.ts';
import type { Price } from '../domain/pricing.ts';

/** What a million tokens cost, in USD. */
export interface TokenRates {
  readonly inputPerMillionUsd: number;
  /** Hidden reasoning included. */
  readonly outputPerMillionUsd: number;
  /** Of input that is read from the provider's cache; where it is missing, the price is approximate. */
  readonly cachedInputPerMillionUsd?: number;
  /** Of input that is written to it; likewise. */
  readonly cacheWritePerMillionUsd?: number;
}

/** The price of one model, in place of the one that the price list has or lacks. */
export interface PriceOverride extends TokenRates {
  /** The rates for all tokens of a call whose input is longer than `aboveTokens`. */
  readonly longInput?: TokenRates & { readonly aboveTokens: number };
  /** The first day that it holds for, such as `2026-12-01` (UTC). Default: it always has. */
  readonly from?: string;
}

/** The price of a call by an override, or by the latest of several that holds on a day; `undefined` before the first. */
export const priceByOverride = (
  overrides: PriceOverride | readonly PriceOverride[],
  usage: Usage,
  at: Date,
): Price | undefined => {
  const today = at.toISOString().slice(0, 10);
  const override = [overrides].flat().findLast(({ from = '' }) => from <= today);
  if (override === undefined) return undefined;
  const { inputTokens = 0, cachedInputTokens = 0, cacheWriteTokens = 0, outputTokens = 0 } = usage;
  const { longInput } = override;
  const rates = longInput !== undefined && inputTokens > longInput.aboveTokens ? longInput : override;
  const { inputPerMillionUsd, cachedInputPerMillionUsd, cacheWritePerMillionUsd } = rates;
  const usd =
    ((inputTokens - cachedInputTokens - cacheWriteTokens) * inputPerMillionUsd +
      cachedInputTokens * (cachedInputPerMillionUsd ?? inputPerMillionUsd) +
      cacheWriteTokens * (cacheWritePerMillionUsd ?? inputPerMillionUsd) +
      outputTokens * rates.outputPerMillionUsd) /
    1e6;
  const isApproximate =
    (cachedInputTokens > 0 && cachedInputPerMillionUsd === undefined) ||
    (cacheWriteTokens > 0 && cacheWritePerMillionUsd === undefined);
  return isApproximate ? { usd, isApproximate } : { usd };
};
