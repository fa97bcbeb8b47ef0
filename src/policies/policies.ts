export { type CacheOptions, cache } from './cache.ts';
export type { CacheStore } from './cache-store.ts';
