import type { ModelResponse } from '../domain/model.ts';
import { currentClock } from '../time/clock.ts';

/** Where {@link cache} keeps responses: what it uses of a Keyv, so any Keyv is one. */
export interface CacheStore {
  /** The response under this key, or a Promise of it; `undefined` where there is none or it has expired. */
  get(key: string): unknown;
  /** Keeps a response, which is plain JSON, for so many milliseconds, or for good where none are given. */
  set(key: string, response: ModelResponse, ttlMs?: number): unknown;
}

interface Entry {
  /** A text, so that nobody who was given the response can change it for those after him. */
  readonly json: string;
  readonly expiresAtMs: number;
}

/** A store in memory, of the responses that were used last. Sets no timer; clocks that jump do not matter to it. */
export const memoryStore = (maxEntries: number): CacheStore => {
  const entries = new Map<string, Entry>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (entry.expiresAtMs <= currentClock()()) return undefined;
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
