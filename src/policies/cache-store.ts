import type { ModelResponse } from '../domain/model.ts';
import { currentClock } from '../time/clock.ts';

/** A store of responses for {@link cache}: any Keyv, or an object with the same `get` and `set`. */
export interface CacheStore {
  /** Returns the response for this key, or a Promise of it; `undefined` if it is missing or has expired. */
  get(key: string): unknown;
  /** Stores a response, which is plain JSON, for `ttlMs` milliseconds; without `ttlMs`, for good. */
  set(key: string, response: ModelResponse, ttlMs?: number): unknown;
}

interface Entry {
  /** JSON, so that a caller cannot change the response for later callers. */
  readonly json: string;
  readonly expiresAtMs: number;
}

/** Creates a store in memory that keeps the most recently used responses. Sets no timer, and uses a monotonic clock. */
export const memoryStore = (maxEntries: number): CacheStore => {
  const entries = new Map<string, Entry>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (entry.expiresAtMs < Number.POSITIVE_INFINITY && entry.expiresAtMs <= currentClock()())
        return undefined;
      entries.set(key, entry);
      return JSON.parse(entry.json);
    },
    set(key, response, ttlMs = Number.POSITIVE_INFINITY) {
      entries.delete(key);
      entries.set(key, { json: JSON.stringify(response), expiresAtMs: currentClock()() + ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break;
        entries.delete(oldest);
      }
    },
  };
};
