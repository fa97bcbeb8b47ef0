import fc from 'fast-check';
import { Keyv } from 'keyv';
import { firstValueFrom, lastValueFrom, NEVER, Observable, of, throwError, toArray } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  ConfigError,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type Model,
  type NoPredictionError,
  ProviderError,
  ReplayMissError,
} from '../../src/index.ts';
import { type CacheOptions, cache } from '../../src/policies/cache.ts';
import { type CacheStore, memoryStore } from '../../src/policies/cache-store.ts';
import { hashed, requestText } from '../../src/policies/request-key.ts';
import { modelContract } from '../contracts/model.ts';

const request = toRequest('What is 2 + 2?');
const response: ModelResponse = { text: '4', costUsd: 0.25, usage: { inputTokens: 9, outputTokens: 1 } };
const hit = { ...response, costUsd: 0, costSource: 'reported', cached: { costUsd: 0.25 } };

/** A model that counts how often it is asked, and how often that is given up before it has answered. */
const counted = (output$: Observable<ModelResponse | ModelDelta> = of(response), id = 'counted') => {
  const count = { asked: 0, left: 0 };
  const model: Model = {
    id,
    provider: 'test',
    modelId: 'counted-1',
    call: () =>
      new Observable((subscriber) => {
        count.asked += 1;
        let isOver = false;
        subscriber.add(() => {
          if (!isOver) count.left += 1;
        });
        output$.subscribe({
          next: (output) => {
            isOver = 'text' in output;
            subscriber.next(output);
          },
          error: (error) => {
            isOver = true;
            subscriber.error(error);
          },
          complete: () => subscriber.complete(),
        });
      }),
  };
  return { model, count };
};

const ask = async (model: Model, asked: ModelRequest = request): Promise<ModelResponse> =>
  (await lastValueFrom(model.call(asked))) as ModelResponse;

afterEach(() => {
  vi.useRealTimers();
});

let cacheCount = 0;
modelContract('a cached model', {
  makeModel: (id) => {
    cacheCount += 1;
    return cache()(defineModel(id, () => `4, said by ${cacheCount}`));
  },
  question: 'What is 2 + 2?',
});

const refuse = (): never => {
  throw new Error('a trap');
};

describe('cache', () => {
  it('asks the model once; the second answer costs 0 and says what the first one cost', async () => {
    const { model, count } = counted();
    const cached = cache()(model);
    expect(await ask(cached)).toStrictEqual(response);
    expect(await ask(cached)).toStrictEqual(hit);
    expect(await ask(cached)).toStrictEqual(hit);
    expect(count.asked).toBe(1);
  });

  it('keeps the name of the model, its provider and its model name', () => {
    const { id, provider, modelId } = cache()(counted().model);
    expect([id, provider, modelId]).toStrictEqual(['counted', 'test', 'counted-1']);
  });

  it('keeps the original cost through a cache around a cache', async () => {
    const store = new Keyv();
    const { model } = counted();
    await ask(cache({ store })(model));
    const twice = cache()(cache({ store })(model));
    expect(await ask(twice)).toStrictEqual(hit);
    expect(await ask(twice)).toStrictEqual(hit);
  });

  it('asks again for another question, another sample and another model', async () => {
    const { model, count } = counted();
    const policy = cache();
    const cached = policy(model);
    await ask(cached);
    await ask(cached, toRequest('What is 2 + 3?'));
    await ask(cached, { ...request, sample: 1 });
    await ask(policy({ ...model, id: 'another' }));
    expect(count.asked).toBe(4);
    await ask(cached, { ...request, sample: 0 });
    expect(count.asked).toBe(4);
  });

  it('makes one request of 1,000 equal calls at once, of which one pays', async () => {
    const { model, count } = counted(
      new Observable((subscriber) => {
        const turn = setImmediate(() => subscriber.next(response));
        return () => clearImmediate(turn);
      }),
    );
    const cached = cache()(model);
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(cached)));
    expect(count.asked).toBe(1);
    expect(answers.filter(({ costUsd }) => costUsd === 0.25)).toHaveLength(1);
    expect(answers.filter(({ costUsd }) => costUsd === 0)).toHaveLength(999);
  });

  it('aborts the request when the last of its callers has left, and not before', async () => {
    const { model, count } = counted(NEVER);
    const cached = cache()(model);
    const [first, second] = [cached.call(request).subscribe(), cached.call(request).subscribe()];
    await expect.poll(() => count.asked).toBe(1);
    first.unsubscribe();
    expect(count.left).toBe(0);
    second.unsubscribe();
    expect(count.left).toBe(1);
  });

  it('sends nothing when its caller leaves while the store is looked into', async () => {
    const { model, count } = counted();
    const found = Promise.withResolvers<undefined>();
    const lookedInto = vi.fn(() => found.promise);
    const store: CacheStore = { ...memoryStore(1), get: lookedInto };
    const subscription = cache({ store })(model).call(request).subscribe();
    await expect.poll(() => lookedInto).toHaveBeenCalledOnce();
    subscription.unsubscribe();
    found.resolve(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(count.asked).toBe(0);
  });

  it('keeps no failure', async () => {
    const { model, count } = counted(throwError(() => new Error('down')));
    const cached = cache()(model);
    await expect(ask(cached)).rejects.toThrow('down');
    await expect(ask(cached)).rejects.toThrow('down');
    expect(count.asked).toBe(2);
  });

  it('has one call pay for a failure that others waited for', async () => {
    const error = new ProviderError('counted', 'down', { costUsd: 0.25 });
    const ensemble = createEnsemble({ models: [counted(throwError(() => error)).model], cache: true });
    const failures = await Promise.all(
      Array.from({ length: 3 }, () => ensemble.predict('?').catch((failure) => failure)),
    );
    expect(failures.map(({ outcomes }) => outcomes[0].costUsd)).toStrictEqual([0.25, 0, 0]);
  });

  it('keeps nothing that is no response', async () => {
    const store = new Map<string, unknown>();
    const { model } = counted(of({ delta: 'x' }, { text: 4 } as unknown as ModelResponse));
    await ask(cache({ store })(model));
    expect(store.size).toBe(0);
  });

  it.each([
    ['with a cost that throws', () => Object.defineProperty({ text: '5' }, 'costUsd', { get: refuse })],
    ['with a usage that cannot be read', () => ({ text: '5', usage: new Proxy({}, { ownKeys: refuse }) })],
    ['that is a Proxy', () => new Proxy({ text: '5' }, { ownKeys: refuse })],
    ['that is a delta', () => ({ text: '5', delta: '5' })],
  ])('reports a stored value %s, and asks the model', async (_, found) => {
    const { model, count } = counted(of(response));
    const reported: unknown[] = [];
    const store = { get: found, set: () => undefined };
    const cached = cache({ store, onStoreError: (error) => reported.push(error) })(model);
    expect(await ask(cached)).toStrictEqual(response);
    expect([count.asked, reported.length]).toEqual([1, 1]);
  });

  it('passes deltas on, and answers with the response alone where it has it', async () => {
    const { model, count } = counted(of({ delta: '4' }, response));
    const cached = cache()(model);
    const watched = { ...request, wantsDeltas: true };
    expect(await firstValueFrom(cached.call(watched).pipe(toArray()))).toStrictEqual([
      { delta: '4' },
      response,
    ]);
    expect(await firstValueFrom(cached.call(watched).pipe(toArray()))).toStrictEqual([hit]);
    expect(await firstValueFrom(cached.call(request).pipe(toArray()))).toStrictEqual([hit]);
    expect(count.asked).toBe(1);
  });

  it('lets nobody who watches join a call without deltas', async () => {
    const { model, count } = counted(NEVER);
    const cached = cache()(model);
    const calls = [request, { ...request, wantsDeltas: true }].map((asked) => cached.call(asked).subscribe());
    await expect.poll(() => count.asked).toBe(2);
    for (const call of calls) call.unsubscribe();
  });

  it('asks again once the response is older than ttlMs', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const { model, count } = counted();
    const cached = cache({ ttlMs: 1000 })(model);
    await ask(cached);
    vi.advanceTimersByTime(999);
    await ask(cached);
    expect(count.asked).toBe(1);
    vi.advanceTimersByTime(1);
    await ask(cached);
    expect(count.asked).toBe(2);
  });

  it('does not mind a clock on the wall that jumps by hours', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const { model, count } = counted();
    const cached = cache({ ttlMs: 1000 })(model);
    await ask(cached);
    for (const jumpMs of [3_600_000, -7_200_000]) {
      vi.setSystemTime(Date.now() + jumpMs);
      await ask(cached);
    }
    expect(count.asked).toBe(1);
  });

  it('hands out a copy: whoever changes what he was given changes nothing for the next', async () => {
    const cached = cache()(counted().model);
    await ask(cached);
    const given = await ask(cached);
    Object.assign(given.usage ?? {}, { outputTokens: 999 });
    expect(await ask(cached)).toStrictEqual(hit);
  });

  it('gives the store the ttl, or none where responses are kept for good', async () => {
    const kept: unknown[] = [];
    const store: CacheStore = { get: () => undefined, set: (_, __, ttlMs) => kept.push(ttlMs) };
    await ask(cache({ store, ttlMs: 1000 })(counted().model));
    await ask(cache({ store })(counted().model));
    expect(kept).toStrictEqual([1000, undefined]);
  });

  it('writes no prompt and no answer schema into the key', async () => {
    const store = new Map<string, unknown>();
    await ask(cache({ store })(counted().model));
    expect([...store.keys()]).toStrictEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it('makes a cached member of an ensemble free, in its outcome and in the prediction', async () => {
    const ensemble = createEnsemble({ models: [cache()(counted().model)] });
    expect((await ensemble.predict('2 + 2')).metadata.costUsd).toBe(0.25);
    const { metadata, outcomes } = await ensemble.predict('2 + 2');
    expect(metadata.costUsd).toBe(0);
    expect(outcomes[0]).toMatchObject({ status: 'answered', response: { cached: { costUsd: 0.25 } } });
  });
});

const boom = new Error('the store is down');
const faultyStores: readonly (readonly [string, CacheStore, number])[] = [
  [
    'throws',
    {
      get: () => {
        throw boom;
      },
      set: () => {
        throw boom;
      },
    },
    2,
  ],
  ['rejects', { get: () => Promise.reject(boom), set: () => Promise.reject(boom) }, 2],
  ['cannot write', { get: () => undefined, set: () => Promise.reject(boom) }, 1],
  ['holds what is no response', { get: () => 'old format', set: () => true }, 1],
];

describe('the store in memory', () => {
  it('holds the responses that were used last, and no more than it may', () => {
    const store = memoryStore(2);
    for (const key of ['a', 'b']) store.set(key, { text: key });
    store.get('a');
    store.set('c', { text: 'c' });
    expect(['a', 'b', 'c'].map((key) => store.get(key))).toStrictEqual([
      { text: 'a' },
      undefined,
      { text: 'c' },
    ]);
  });
});

describe('a store that', () => {
  it.each(faultyStores)('%s is reported, and the model answers', async (_, store, faults) => {
    const errors: unknown[] = [];
    const { model, count } = counted();
    const cached = cache({ store, onStoreError: (error) => errors.push(error) })(model);
    expect(await ask(cached)).toStrictEqual(response);
    await expect.poll(() => errors).toHaveLength(faults);
    expect(count.asked).toBe(1);
  });

  it.each(faultyStores)(
    '%s fails no call either when its listener throws or is missing',
    async (_, store) => {
      const onStoreError = () => {
        throw new Error('the listener is down too');
      };
      expect(await ask(cache({ store, onStoreError })(counted().model))).toStrictEqual(response);
      expect(await ask(cache({ store })(counted().model))).toStrictEqual(response);
    },
  );

  it('never answers is waited for until the timeout of the caller', async () => {
    const { model, count } = counted();
    const store: CacheStore = { get: () => new Promise(() => {}), set: () => true };
    const ensemble = createEnsemble({ models: [cache({ store })(model)], timeoutMs: 10 });
    await expect(ensemble.predict('2 + 2')).rejects.toThrow('no answer within 10 ms');
    expect(count.asked).toBe(0);
  });

  it('is slow to write holds no answer up', async () => {
    const store: CacheStore = { get: () => undefined, set: () => new Promise(() => {}) };
    expect(await ask(cache({ store })(counted().model))).toStrictEqual(response);
  });
});

describe("cache with onMiss: 'error'", () => {
  it('answers what is in the store, and fails for the rest without asking the model', async () => {
    const store = new Keyv();
    await ask(cache({ store })(counted().model));
    const { model, count } = counted();
    const replayed = cache({ store, onMiss: 'error' })(model);
    expect(await ask(replayed)).toStrictEqual(hit);
    await expect(ask(replayed, toRequest('What is 2 + 3?'))).rejects.toBeInstanceOf(ReplayMissError);
    expect(count.asked).toBe(0);
  });

  it('asks no model either when the store fails', async () => {
    const { model, count } = counted();
    const store: CacheStore = { get: () => Promise.reject(boom), set: () => true };
    await expect(ask(cache({ store, onMiss: 'error' })(model))).rejects.toBeInstanceOf(ReplayMissError);
    expect(count.asked).toBe(0);
  });
});

describe('options of cache', () => {
  it('are refused all at once', () => {
    const make = () =>
      cache({ store: {}, ttlMs: 0, onMiss: 'ignore', onStoreError: 1, size: 3 } as unknown as CacheOptions);
    expect(make).toThrow(ConfigError);
    for (const name of ['store', 'ttlMs', 'onMiss', 'onStoreError', 'size']) {
      expect(make).toThrow(`option "${name}"`.replace('option "size"', 'there is no option "size"'));
    }
  });

  it('are refused where a strict replay has no store: it could only fail', () => {
    expect(() => cache({ onMiss: 'error' })).toThrow("onMiss 'error' needs a store");
  });
});

describe('the key of a request', () => {
  const model = { id: 'a' };
  const content = fc.string().filter((text) => text.trim() !== '');
  const conversation = fc.record(
    {
      system: fc.string(),
      messages: fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), content }), {
        minLength: 1,
        maxLength: 3,
      }),
      answerSchema: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
        maxKeys: 3,
      }),
      sample: fc.nat(3),
    },
    { requiredKeys: ['messages', 'sample'] },
  );
  const keyOf = (query: unknown) => hashed(requestText(model, toRequest(query as ModelRequest)));
  const reversed = (schema: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(schema).toReversed());

  it('differs where two requests do, and only there', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, conversation, async (one, other) => {
        let isEqual = true;
        try {
          // An oracle of its own: deep equality does not look at the order of properties.
          expect(one).toEqual(other);
        } catch {
          isEqual = false;
        }
        expect((await keyOf(one)) === (await keyOf(other))).toBe(isEqual);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same whatever the order of properties, and whether or not somebody watches', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, async (one) => {
        const other = {
          ...reversed(one),
          ...(one.answerSchema && { answerSchema: reversed(one.answerSchema) }),
          wantsDeltas: true,
        };
        expect(await keyOf(other)).toBe(await keyOf(one));
      }),
    );
  });

  it.each([[{ id: 'b' }], [{ id: 'a', provider: 'b' }], [{ id: 'a', modelId: 'b' }]])(
    'differs for the model %j',
    async (other) => {
      expect(await hashed(requestText(other, request))).not.toBe(await hashed(requestText(model, request)));
    },
  );

  it('tells lone surrogates apart', async () => {
    expect(await keyOf('\ud800')).not.toBe(await keyOf('\ud801'));
  });
});

describe('cache, of a response that does not count', () => {
  const replies: readonly (readonly [string, ModelResponse])[] = [
    ['an empty text', { text: '' }],
    ['a blank text', { text: ' \n' }],
    ['a text that was cut off', { text: 'The answer is 1', finishReason: 'length' }],
    ['a filtered text', { text: '', finishReason: 'content-filter' }],
    ['a refusal', { text: 'No.', finishReason: 'refusal' }],
    ['a text that ends for an unknown reason', { text: '4', finishReason: 'other' }],
  ];

  /** A model that answers once with `reply`, and then with 4. */
  const better = (reply: ModelResponse) => {
    const count = { asked: 0 };
    const model = defineModel('better', () => {
      count.asked += 1;
      return { costUsd: 0.25, ...(count.asked === 1 ? reply : { text: '4' }) };
    });
    return { model, count };
  };

  it.each(replies)('does not store %s', async (_, reply) => {
    const { model, count } = better(reply);
    const ensemble = createEnsemble({ models: [model], normalization: 'numeric', cache: true });
    const failure = await ensemble.predict('2 + 2?').catch((error: NoPredictionError) => error);
    expect(failure).toMatchObject({ name: 'InsufficientResponsesError', outcomes: [{ costUsd: 0.25 }] });
    const second = await ensemble.predict('2 + 2?');
    const third = await ensemble.predict('2 + 2?');
    expect([second.answer, third.answer, third.metadata.costUsd, count.asked]).toEqual([4, 4, 0, 2]);
  });

  it.each(replies)('asks again if the store already has %s', async (_, reply) => {
    const { model, count } = better({ text: '4' });
    const key = await hashed(requestText(model, request));
    const store = new Map<string, unknown>([[key, reply]]);
    expect(await ask(cache({ store })(model))).toMatchObject({ text: '4' });
    expect(await ask(cache({ store })(model))).toMatchObject({ text: '4', costUsd: 0 });
    expect(count.asked).toBe(1);
  });

  it('replays what was recorded', async () => {
    const { model } = better({ text: '4' });
    const key = await hashed(requestText(model, request));
    const store = new Map<string, unknown>([[key, { text: '' }]]);
    expect(await ask(cache({ store, onMiss: 'error' })(model))).toMatchObject({ text: '' });
  });

  it('stores it for an ensemble that accepts it', async () => {
    const { model, count } = better({ text: '4, cut off', finishReason: 'length' });
    const ensemble = createEnsemble({ models: [model], cache: true, acceptUnfinished: true });
    await ensemble.predict('2 + 2?');
    const { answer } = await ensemble.predict('2 + 2?');
    expect([answer, count.asked]).toEqual(['4, cut off', 1]);
  });

  it.each(replies)('stores %s with keepUnusable, and answers with it', async (_, reply) => {
    const { model, count } = better(reply);
    const ensemble = createEnsemble({
      models: [model],
      normalization: 'numeric',
      cache: { keepUnusable: true },
    });
    const ask = () => ensemble.predict('2 + 2?').catch((error: NoPredictionError) => error.outcomes[0]);
    const first = await ask();
    expect(first).toMatchObject({ status: 'abstained', costUsd: 0.25 });
    expect(await ask()).toMatchObject({
      ...{ status: 'abstained', costUsd: 0, response: { text: reply.text, cached: { costUsd: 0.25 } } },
      ...(first !== undefined && 'reason' in first && { reason: first.reason }),
    });
    expect(count.asked).toBe(1);
  });

  it.each<readonly [string, Partial<EnsembleOptions>]>([
    ['that the normalizer cannot read', { normalization: 'numeric' }],
    ['that a check refuses', { check: () => 'too short' }],
    ['that a check refuses later', { check: () => Promise.resolve(false) }],
  ])('stores one %s only with keepUnusable', async (_, options) => {
    for (const [keepUnusable, calls] of [
      [false, 3],
      [true, 1],
    ] as const) {
      const model = { id: 'm', call: vi.fn(() => of({ text: 'some' })) };
      const ensemble = createEnsemble({ models: [model], ...options, cache: { keepUnusable } });
      for (let time = 0; time < 3; time += 1)
        await expect(ensemble.predict('2 + 2?')).rejects.toThrow('0 of at least 1 votes were cast');
      expect(model.call).toHaveBeenCalledTimes(calls);
    }
  });

  it('is not stored with keepUnusable if the call fails, or ends without one', async () => {
    const store = new Map<string, unknown>();
    const policy = cache({ store, keepUnusable: true });
    for (const output$ of [throwError(() => new Error('down')), of(), of({ delta: '4' }), of(null)])
      await lastValueFrom(policy({ id: 'm', call: () => output$ as Observable<never> }).call(request), {
        defaultValue: undefined,
      }).catch(() => undefined);
    expect(store.size).toBe(0);
  });

  it('is given to all who share the call, who pay once', async () => {
    const { model, count } = better({ text: '' });
    const cached = cache()(model);
    const shared = await Promise.all([ask(cached), ask(cached)]);
    expect(shared.map(({ text, costUsd }) => [text, costUsd])).toEqual([
      ['', 0.25],
      ['', 0],
    ]);
    expect([(await ask(cached)).text, count.asked]).toEqual(['4', 2]);
  });
});
