export { type CacheOptions, cache } from './cache.ts';
export type { CacheStore } from './cache-store.ts';
export { type ConcurrencyOptions, concurrency } from './concurrency.ts';
export { type FallbackOptions, fallback } from './fallback.ts';
export { type RateLimitOptions, rateLimit } from './rate-limit.ts';
export { type RetryOptions, retry } from './retry.ts';
export { type RetryBudget, type RetryBudgetOptions, retryBudget } from './retry-budget.ts';
export { type TimeoutOptions, timeout } from './timeout.ts';
