export { type CacheOptions, cache } from './cache.ts';
export type { CacheStore } from './cache-store.ts';
export { type ConcurrencyOptions, concurrency } from './concurrency.ts';
export { type RateLimitOptions, rateLimit } from './rate-limit.ts';
