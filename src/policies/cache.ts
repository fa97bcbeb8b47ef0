import { Observable } from 'rxjs';
import { callContained, containedCall } from '../domain/contained-call.ts';
import { ReplayMissError } from '../domain/errors.ts';
import { asPromise, readSafely, runAside, silence } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { isPromise } from '../domain/is-promise.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { readableOutput } from '../domain/readable-output.ts';
import { reasonAgainst } from '../domain/reason-against.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';
import {
  accepting,
  aModel,
  bound,
  checked,
  hasMethods,
  ofType,
  oneOf,
  reading,
  suchThat,
  trueOrFalse,
} from '../options.ts';
import { type CacheStore, memoryStore } from './cache-store.ts';
import { paidFor } from './paid-for.ts';
import { JudgedCall, type Look, type OutputSubscriber } from './pass-over.ts';
import { hashed, requestText } from './request-key.ts';
import { sharedCalls } from './shared-calls.ts';

/** Options of {@link cache}. */
export interface CacheOptions {
  /** The store of the responses: a Keyv, or any object with its `get` and `set`. Default: in memory, the last 10,000. */
  readonly store?: CacheStore;
  /** How long a response is kept, in whole milliseconds, at least 1, or `Infinity`. Default `Infinity`. */
  readonly ttlMs?: number;
  /** What to do if a request is not in the store: `call` the model, or fail with an `error`. Default `call`. */
  readonly onMiss?: 'call' | 'error';
  /**
   * Whether responses that do not count (empty, cut off, filtered, refused, unreadable) are stored and answer later requests,
   * too. A model that writes one every time is then paid for once. Default false.
   */
  readonly keepUnusable?: boolean;
  /** Called with every error of the store; such an error does not fail the call. Default: no listener. */
  readonly onStoreError?: (error: unknown) => void;
}

/** At a few kilobytes each, some tens of megabytes. */
const MAX_IN_MEMORY = 10_000;

/** The longest text that is its own key in a store that no other code sees. A digest takes longer than the lookup. */
const MAX_PLAIN_KEY_LENGTH = 300;

const storeObject = suchThat(
  'a store with get(key) and set(key, value, ttlMs)',
  (value) => hasMethods(value, 'get', 'set'),
  (value) =>
    typeof value === 'function'
      ? 'create one, such as new Keyv()'
      : `pass a Keyv, such as new Keyv(${typeof value === 'string' ? 'yours' : ''}), or leave it out for a store in memory`,
);

/**
 * A policy that calls a model only once for each request: later requests are answered from a store, and equal requests in
 * flight are one call.
 *
 * ```text
 * first     ^--------4|     calls the model, and pays
 * second       ^-----4|     joins that call; pays if the first one leaves
 * third                ^4|  is answered from the store
 * ```
 *
 * Requests are equal if they have the same model `id`, `provider` and `modelId`, conversation, answer schema and sample. A
 * response from the store, or of a call that was joined, costs 0, and its `cached` has the original cost; its usage stays.
 * Deltas are not stored. A failed call is not stored. Nor is a response that does not count (empty, cut off, filtered or
 * refused), because the next one may be better, unless `keepUnusable` is set. If the store fails, the model is called and the error reported; if the store
 * never answers, the call waits until the caller unsubscribes. Models that share the policy share the store, but not their
 * calls in flight.
 *
 * Costs one lookup before each call. With `onMiss: 'error'` the model is never called: a request that is not in the store
 * fails with `ReplayMissError`.
 *
 * @throws {ConfigError} that lists every invalid option, and for `onMiss: 'error'` without a store.
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
  return reading('cache', () => {
    const { store, ttlMs, onMiss, keepUnusable, onStoreError } = checked(
      'cache',
      options,
      {
        store: [storeObject, memoryStore(MAX_IN_MEMORY)],
        ttlMs: [bound(1), Number.POSITIVE_INFINITY],
        onMiss: [oneOf(['call', 'error'], ''), 'call'],
        keepUnusable: [trueOrFalse, false],
        onStoreError: ofType('function'),
      },
      options?.onMiss === 'error' && options.store === undefined
        ? [`cache: onMiss 'error' needs a store that has been filled before`]
        : [],
    );
    const isPrivate = options?.store === undefined;
    const ttl = ttlMs === Number.POSITIVE_INFINITY ? undefined : ttlMs;
    const report = (error: unknown): void => {
      if (onStoreError === undefined) silence(error);
      else runAside('onStoreError of cache', () => onStoreError(error));
    };

    const keep = async (key: string, response: ModelResponse): Promise<void> => {
      try {
        await asPromise(() => store.set(key, response, ttl));
      } catch (error) {
        report(error);
      }
    };

    /** Looks a request up. Waits only for what is asynchronous. */
    const look = async (model: string, text: string): Promise<Found> => {
      let key: string | undefined;
      try {
        const digest = isPrivate && text.length <= MAX_PLAIN_KEY_LENGTH ? text : hashed(text);
        key = typeof digest === 'string' ? digest : await digest;
        const stored: unknown = store.get(key);
        const found: unknown = isPromise(stored) ? await asPromise(() => stored) : stored;
        if (found === undefined || found === null) return { key };
        const read = isResponse(found) ? readableOutput(model, found) : undefined;
        if (read !== undefined && !isDelta(read)) return { key, response: read };
        throw new TypeError(
          'cache: the store has a value that is not a response; clear it, or use another namespace',
        );
      } catch (error) {
        report(error);
        return { key };
      }
    };

    return accepting('cache', aModel, (model) => {
      const share = sharedCalls<ModelResponse>(paidFor);
      const beginCall = (key: string | undefined, request: ModelRequest, subscriber: OutputSubscriber) => {
        attemptListener(request)?.attemptPays(true);
        const keepIt: Look = (response, reason) => {
          // Does not wait: a slow store must not delay the answer.
          if (key === undefined || !isResponse(response)) return;
          if (keepUnusable || reason === undefined) void keep(key, response);
        };
        callContained(model, request, new JudgedCall(subscriber, request, keepIt));
      };
      /** Answers from the store, or else calls: what is found is looked at in the next microtask, if it is at hand. */
      const answerBy = (
        finding: Promise<Found>,
        request: ModelRequest,
        subscriber: OutputSubscriber,
        call: (key: string | undefined) => void,
      ): void => {
        const proceed = ({ key, response }: Found): void => {
          const answer = (reason?: string): void => {
            if (subscriber.closed) return;
            if (response === undefined || reason !== undefined) call(key);
            else {
              subscriber.next(paidFor(response));
              subscriber.complete();
            }
          };
          if (response === undefined && onMiss === 'error')
            subscriber.error(new ReplayMissError(model.id, 'the cache has no answer to this request'));
          else if (response === undefined || keepUnusable || onMiss === 'error') answer();
          else {
            const reason = reasonAgainst(response, request);
            if (isPromise(reason)) reason.then(answer).catch((error: unknown) => subscriber.error(error));
            else answer(reason);
          }
        };
        void finding.then((found) => {
          if (subscriber.closed) return;
          try {
            proceed(found);
          } catch (error) {
            subscriber.error(error);
          }
        });
      };
      return {
        ...model,
        call: containedCall((request, subscriber) => {
          const text = requestText(model, request);
          const sharing = (begin: (asked: ModelRequest, receiver: OutputSubscriber) => void): void => {
            // A call without deltas is not joined by one that wants them, nor by one with another rule of what counts.
            const kind = `${request.wantsDeltas === true} ${ruleOf(request)}`;
            const makeCall = (asked: ModelRequest) =>
              new Observable<ModelResponse | ModelDelta>((receiver) => begin(asked, receiver));
            share(`${kind} ${text}`, request, makeCall).subscribe(subscriber);
          };
          const response = isPrivate && text.length <= MAX_PLAIN_KEY_LENGTH ? store.get(text) : undefined;
          if (response === undefined)
            sharing((asked, receiver) =>
              answerBy(look(model.id, text), asked, receiver, (key) => beginCall(key, asked, receiver)),
            );
          else {
            // A lookup that is over cannot be joined: to share it took as long as the rest of the prediction.
            attemptListener(request)?.attemptPays(false);
            const found = { key: text, response: response as ModelResponse };
            answerBy(Promise.resolve(found), request, subscriber, () =>
              sharing((asked, receiver) => beginCall(text, asked, receiver)),
            );
          }
        }),
      };
    });
  });
};

/** What a store has for a request: its key, unless the digest fails, and its response if there is one. */
interface Found {
  readonly key: string | undefined;
  readonly response?: ModelResponse;
}

/** What stands for the rule by which responses count. */
const ruleOf = (request: ModelRequest): string =>
  request[internal]?.rule ?? String(attemptListener(request)?.acceptsUnfinished === true);

/** Stores and models come from outside, so their values may be anything. */
const isResponse = (value: unknown): value is ModelResponse => typeof readSafely(value, 'text') === 'string';
