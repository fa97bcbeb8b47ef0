import type { Keyv } from 'keyv';
import type { ModelResponse } from '../model.ts';

/** Where {@link cache} keeps responses: what it uses of a Keyv, so any Keyv is one. */
export interface CacheStore {
  /** The response under this key, or a Promise of it; `undefined` where there is none or it has expired. */
  get(key: string): unknown;
  /** Keeps a response, which is plain JSON, for so many milliseconds, or for good where none are given. */
  set(key: string, response: ModelResponse, ttlMs?: number): unknown;
}

/** A store in memory, loaded when it is first used. It is of no size limit, sets no timer, and copies what it keeps. */
export const memoryStore = (): CacheStore => {
  let loading: Promise<Keyv> | undefined;
  const load = (): Promise<Keyv> => {
    loading ??= import('keyv').then(({ Keyv: Store }) => new Store());
    return loading;
  };
  return {
    get: async (key) => (await load()).get(key),
    set: async (key, response, ttlMs) => (await load()).set(key, response, ttlMs),
  };
};
