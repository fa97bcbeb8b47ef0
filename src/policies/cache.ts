import { concatMap, defer, from, type Observable, of, takeWhile, tap, throwError } from 'rxjs';
import { ReplayMissError } from '../domain/errors.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';
import { bound, type Check, faultsOf, ofType, oneOf, refuse } from '../options.ts';
import { type CacheStore, memoryStore } from './cache-store.ts';
import { paidFor } from './paid-for.ts';
import { hashed, requestText } from './request-key.ts';
import { sharedCalls } from './shared-calls.ts';

/** Options of {@link cache}. */
export interface CacheOptions {
  /** Where responses are kept: a Keyv, or what has its `get` and `set`. Default: in memory, the last 10,000. */
  readonly store?: CacheStore;
  /** How long a response is kept, in whole milliseconds from 1 on, or `Infinity`. Default `Infinity`. */
  readonly ttlMs?: number;
  /** What a request that is not in the store does: `call` the model, or fail with `error`. Default `call`. */
  readonly onMiss?: 'call' | 'error';
  /** Told of every error of the store, which fails no call. Default: nobody is. */
  readonly onStoreError?: (error: unknown) => void;
}

/** At some kilobytes each, what a process can spare. */
const MAX_IN_MEMORY = 10_000;

const isStore: Check = (value) =>
  ['get', 'set'].every((name) => typeof Reflect.get(Object(value), name) === 'function')
    ? undefined
    : 'a store with get(key) and set(key, value, ttlMs), such as a Keyv';

/**
 * A policy that asks a model only once for what it has answered before: a request that is in the store is
 * answered from there, and equal requests that are out at the same time are one.
 *
 * ```text
 * first     ^--------4|     asks the model
 * second       ^-----4|     joins that call
 * third                ^4|  is answered by the store
 * ```
 *
 * Requests are equal when the model's `id`, `provider` and `modelId`, the conversation, the answer schema
 * and the sample are. A response that was paid for by another call costs 0 and has `cached`, with what it
 * cost then; its usage stays, its deltas are not repeated. A failed call is not kept. A store that fails is
 * passed over and reported; one that never answers is waited for as long as the caller waits. The store
 * belongs to the policy, so several models can share one; the calls that are out belong to each model.
 *
 * Costs a look into the store before each call. With `onMiss: 'error'` no call is ever made: what is not in
 * the store fails with `ReplayMissError`.
 *
 * @throws {ConfigError} listing every option that cannot be, and `onMiss: 'error'` without a store.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { cache } from 'crucible-ensemble/policies';
 *
 * let calls = 0;
 * const model = cache()(
 *   defineModel('counted', () => {
 *     calls += 1;
 *     return { text: 'Paris', costUsd: 0.002 };
 *   }),
 * );
 * const ensemble = createEnsemble({ models: [model] });
 * const first = await ensemble.predict('What is the capital of France?');
 * const second = await ensemble.predict('What is the capital of France?');
 * [calls, first.metadata.costUsd, second.metadata.costUsd]; // => [1, 0.002, 0]
 * ```
 */
export const cache = (options: CacheOptions = {}): ((model: Model) => Model) => {
  refuse(faultsOfCache(options));
  const { store = memoryStore(MAX_IN_MEMORY), ttlMs = Number.POSITIVE_INFINITY, onMiss = 'call' } = options;
  const ttl = ttlMs === Number.POSITIVE_INFINITY ? undefined : ttlMs;
  const report = (error: unknown): void => {
    try {
      options.onStoreError?.(error);
    } catch {
      // Who watches the store is no part of the call.
    }
  };

  const keep = async (key: string, response: ModelResponse): Promise<void> => {
    try {
      await store.set(key, response, ttl);
    } catch (error) {
      report(error);
    }
  };

  /** The key, where there is one, and the response under it, where there is one. */
  const look = async (text: string): Promise<{ key?: string; found?: ModelResponse }> => {
    let key: string | undefined;
    try {
      key = await hashed(text);
      const found: unknown = await store.get(key);
      if (found === undefined || found === null) return { key };
      if (isResponse(found)) return { key, found };
      throw new TypeError('cache: the store holds something that is no response');
    } catch (error) {
      report(error);
      return key === undefined ? {} : { key };
    }
  };

  return (model) => {
    const share = sharedCalls(paidFor);
    const ask = (request: ModelRequest, text: string): Observable<Output> =>
      defer(() => from(look(text))).pipe(
        concatMap(({ key, found }) => {
          if (found !== undefined) return of(paidFor(found));
          if (onMiss === 'error') {
            return throwError(
              () => new ReplayMissError(model.id, 'no answer to this request is in the cache'),
            );
          }
          attemptListener(request)?.attemptWaits(false);
          return model.call(request).pipe(
            // The first response is the answer.
            takeWhile(isDelta, true),
            // Not waited for: a slow store must not hold up the answer.
            tap((output) => {
              if (key !== undefined && isResponse(output)) void keep(key, output);
            }),
          );
        }),
      );
    return {
      ...model,
      call: (request) =>
        defer(() => {
          // Until the model is called, and for as long as another call is waited for, nothing is sent for this one.
          attemptListener(request)?.attemptWaits(true);
          const text = requestText(model, request);
          // Who watches must not join a call that emits no deltas.
          return share(`${request.wantsDeltas === true}${text}`, ask(request, text));
        }),
    };
  };
};

type Output = ModelResponse | ModelDelta;

/** A value of a foreign store, or of a caller's model, may be anything. */
const isResponse = (value: unknown): value is ModelResponse =>
  typeof Reflect.get(Object(value), 'text') === 'string';

const faultsOfCache = (options: CacheOptions): string[] => {
  const faults = faultsOf('cache', options, {
    store: isStore,
    ttlMs: bound(1),
    onMiss: oneOf(['call', 'error'], ''),
    onStoreError: ofType('function'),
  });
  return options?.onMiss === 'error' && options.store === undefined
    ? [...faults, `cache: onMiss 'error' needs a store that has been filled before`]
    : faults;
};
