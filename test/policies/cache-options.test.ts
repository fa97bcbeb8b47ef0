import { lastValueFrom, NEVER, Observable, of } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  ConfigError,
  createEnsemble,
  type Model,
  type ModelResponse,
  ReplayMissError,
} from '../../src/index.ts';
import { cache } from '../../src/policies/cache.ts';

const response: ModelResponse = { text: '4', costUsd: 0.25 };
const model: Model = { id: 'm', call: () => of(response) };
const emptyStore = () => ({ get: vi.fn((): unknown => undefined), set: vi.fn() });

const refusal = (options: object): string => {
  try {
    cache(options);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return 'no error';
};

describe('an option of cache', () => {
  it.each<readonly [option: object, message: string]>([
    [{ onMiss: 'refuse' }, `option "onMiss" must be 'call', 'error', but`],
    [{ onMiss: 'error' }, `cache: onMiss 'error' needs a store that has been filled before`],
    [{ store: { get() {} } }, 'must be a store with get(key) and set(key, value, ttlMs), but'],
    [{ store: { set() {} } }, 'must be a store with get(key) and set(key, value, ttlMs), but'],
    [{ keepUnusable: 'yes' }, 'option "keepUnusable" must be'],
    [{ ttlMs: 0 }, 'option "ttlMs"'],
    [{ ttlMs: 1.5 }, 'option "ttlMs"'],
    [{ onStoreError: 'log' }, 'option "onStoreError" must be a function'],
  ])('that cannot be is refused with what can: %o', (option, message) => {
    expect(refusal(option)).toContain(message);
    expect(refusal(option)).toMatch(/^cache: /);
  });

  it('must be readable, and so must the model be one', () => {
    const unreadable = {
      get onMiss(): never {
        throw new Error('no');
      },
    };
    expect(refusal(unreadable)).toContain('cache: an argument has the wrong type or cannot be read');
    expect(refusal(null as never)).toBe('cache: expected an options object, but got null');
    expect(() => cache()({ id: 'm' } as never)).toThrow('cache: expected a model, { id, call }, but got');
  });

  it('may be absent, or at its bound', () => {
    for (const option of [
      {},
      { ttlMs: 1 },
      { ttlMs: Number.POSITIVE_INFINITY },
      { onMiss: 'call' },
      { store: new Map() },
      { store: new Map(), onMiss: 'error' },
    ]) {
      expect(refusal(option)).toBe('no error');
    }
  });
});

describe('the store of a cache', () => {
  const ask = (cached: Model) => lastValueFrom(cached.call(toRequest('?')));

  it.each([
    [100, 100],
    [undefined, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('gets the ttlMs %s as %s', async (ttlMs, given) => {
    const store = emptyStore();
    await ask(cache({ store, ...(ttlMs !== undefined && { ttlMs }) })(model));
    expect(store.set).toHaveBeenCalledExactlyOnceWith(expect.any(String), response, given);
    expect(store.get).toHaveBeenCalledExactlyOnceWith(store.set.mock.calls[0]?.[0]);
  });

  it.each([undefined, null])('may say with %s that it has no response', async (nothing) => {
    const onStoreError = vi.fn();
    const store = { ...emptyStore(), get: () => nothing };
    expect(await ask(cache({ store, onStoreError })(model))).toStrictEqual(response);
    expect(onStoreError).not.toHaveBeenCalled();
  });

  it('that has something else is reported with what to do', async () => {
    const onStoreError = vi.fn();
    const store = { ...emptyStore(), get: () => ({ answer: 4 }) };
    expect(await ask(cache({ store, onStoreError })(model))).toStrictEqual(response);
    expect(onStoreError).toHaveBeenCalledExactlyOnceWith(
      new TypeError(
        'cache: the store has a value that is not a response; clear it, or use another namespace',
      ),
    );
  });

  it('that fails is reported by name if its listener fails too, and not at all without one', async () => {
    const warn = vi.spyOn(console, 'error').mockImplementation(() => {});
    const store = { ...emptyStore(), get: () => Promise.reject(new Error('down')) };
    expect(await ask(cache({ store })(model))).toStrictEqual(response);
    expect(warn).not.toHaveBeenCalled();
    const onStoreError = () => {
      throw new TypeError('bug');
    };
    expect(await ask(cache({ store, onStoreError })(model))).toStrictEqual(response);
    expect(String(warn.mock.calls)).toContain('onStoreError of cache failed with TypeError');
    warn.mockRestore();
  });

  it('that is replayed says which model has no answer', async () => {
    const failure = ask(cache({ store: new Map(), onMiss: 'error' })(model));
    await expect(failure).rejects.toStrictEqual(
      new ReplayMissError('m', 'the cache has no answer to this request'),
    );
  });
});

describe('equal requests in flight', () => {
  it('are one call unless one wants deltas, or counts what is unfinished', async () => {
    let calls = 0;
    const silent: Model = {
      id: 'm',
      call: () =>
        new Observable((subscriber) => {
          calls += 1;
          return NEVER.subscribe(subscriber);
        }),
    };
    const cached = cache({ store: emptyStore() })(silent);
    const controller = new AbortController();
    const { signal } = controller;
    const strict = createEnsemble({ models: [cached] });
    const lenient = createEnsemble({ models: [cached], acceptUnfinished: true });
    const asked = [strict, strict, lenient, lenient].map((ensemble) => ensemble.predict('?', { signal }));
    const streams = [strict, lenient].map((ensemble) =>
      ensemble.stream('?', { signal }).subscribe({ error() {} }),
    );
    await expect.poll(() => calls).toBe(4);
    controller.abort();
    await Promise.allSettled(asked);
    for (const stream of streams) stream.unsubscribe();
    expect(calls).toBe(4);
  });
});
