/**
 * The catalog of models: their names, their shutdown dates and their prices. This entry has the prices of calls, from
 * published price lists. It sends no requests, and returns `undefined` for an unknown price.
 *
 * @packageDocumentation
 */

export type { Price, Pricing } from '../domain/pricing.ts';
export { type CostEstimate, estimateCost, type PricedName, type TokenCounts } from './estimate-cost.ts';
export type { PriceOverride, TokenRates } from './price-override.ts';
export { type GenaiPricesOptions, genaiPrices } from './published-prices.ts';
