/**
 * What calls cost, by published prices: without any request, and without a guess.
 *
 * @packageDocumentation
 */

export type { Price, Pricing } from '../domain/pricing.ts';
export { type CostEstimate, estimateCost, type TokenCounts } from './estimate-cost.ts';
export type { PriceOverride, TokenRates } from './price-override.ts';
export { type GenaiPricesOptions, genaiPrices } from './published-prices.ts';
