import { GoogleGenAI } from '@google/genai';
import { endlessBody, type FaultServer, json, startFaultServer } from 'crucible-ensemble/testing';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError, ResponseTooLargeError } from '../../src/domain/errors.ts';
import type { Model } from '../../src/domain/model.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { areResponsesReported } from '../../src/providers/google/guarded-responses.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';

/** What `process` is on other runtimes, and in older releases of Node. */
const RUNTIMES: Readonly<Record<string, object | undefined>> = {
  'a browser': undefined,
  'a worker at the edge': { env: {} },
  Bun: { env: {}, versions: { node: '24.3.0', bun: '1.4.5' }, getBuiltinModule: process.getBuiltinModule },
  Deno: { env: {}, versions: { node: '24.0.0', deno: '2.9.6' }, getBuiltinModule: process.getBuiltinModule },
  'Node 22.19': {
    env: {},
    versions: { node: '22.19.0', undici: '6.21.2' },
    getBuiltinModule: process.getBuiltinModule,
  },
  'Node 24.0': {
    env: {},
    versions: { node: '24.0.0', undici: '7.8.0' },
    getBuiltinModule: process.getBuiltinModule,
  },
};

const PROVIDERS: Readonly<Record<string, (baseURL: string) => Model>> = {
  gemini: (baseURL) => gemini('m', { apiKey: 'a key', baseURL, maxResponseBytes: 100_000 }),
  googleGenAI: (baseURL) => googleGenAI('m', { apiKey: 'a key', baseURL, maxResponseBytes: 100_000 }),
  anthropic: (baseURL) => anthropic('m', { apiKey: 'a key', baseURL, maxResponseBytes: 100_000 }),
};

const ask = (model: Model, wantsDeltas: boolean): Promise<unknown> =>
  lastValueFrom(model.call({ ...toRequest('?'), wantsDeltas }));

afterEach(() => vi.unstubAllGlobals());

describe.each(Object.entries(PROVIDERS))(
  '%s, where Node reports nothing of its requests',
  (_name, create) => {
    let server: FaultServer;
    let elsewhere: FaultServer;

    beforeEach(async () => {
      [server, elsewhere] = await Promise.all([startFaultServer(), startFaultServer()]);
    });

    afterEach(() => Promise.all([server.close(), elsewhere.close()]));

    it.each(Object.entries(RUNTIMES))(
      'keeps to its limit and follows no redirect, as on %s',
      async (_, marks) => {
        // The SDK is imported before, because it looks at the runtime too.
        server.script(json({}, { status: 500 }));
        const model = create(server.baseURL);
        await ask(model, false).catch(() => undefined);
        vi.stubGlobal('process', marks);
        expect(areResponsesReported()).toBe(false);
        for (const wantsDeltas of [false, true]) {
          server.script(json({}, { status: 307, headers: { location: `${elsewhere.baseURL}/there` } }));
          await expect(ask(model, wantsDeltas)).rejects.toThrow('redirects are not followed');
          server.script(endlessBody());
          await expect(ask(model, wantsDeltas)).rejects.toThrow(ResponseTooLargeError);
        }
        vi.unstubAllGlobals();
        expect(elsewhere.requests).toHaveLength(0);
      },
    );
  },
);

describe('anthropic in a browser', () => {
  it('says that its SDK refuses a key there', async () => {
    const model = anthropic('m', { apiKey: 'a key' });
    vi.stubGlobal('window', { document: {} });
    vi.stubGlobal('navigator', {});
    await expect(ask(model, false)).rejects.toThrow(
      'anthropic/m: the SDK refuses a key in a browser, where its users could read it',
    );
  });
});

describe('gemini', () => {
  it.each([
    ['has none', undefined, false],
    ['freezes it', globalThis.fetch, true],
  ])(
    'is refused on a runtime whose global fetch cannot be replaced, because it %s',
    (_what, fetched, isFrozen) => {
      const found = Object.getOwnPropertyDescriptor(globalThis, 'fetch') as PropertyDescriptor;
      Object.defineProperty(globalThis, 'fetch', {
        configurable: true,
        ...(isFrozen ? { get: () => fetched } : { value: fetched, writable: true }),
      });
      try {
        expect(() => gemini('m', { apiKey: 'a key' })).toThrow(ConfigError);
        expect(() => gemini('', { apiKey: 'a key' })).toThrow(/2 faults[\s\S]*use googleGenAI/);
      } finally {
        Object.defineProperty(globalThis, 'fetch', found);
      }
      expect(gemini('m', { apiKey: 'a key' }).id).toBe('google/m');
    },
  );

  it('sends nothing if the global fetch has been frozen since', async () => {
    const model = gemini('m', { apiKey: 'a key' });
    const fetched = vi.fn();
    const found = Object.getOwnPropertyDescriptor(globalThis, 'fetch') as PropertyDescriptor;
    Object.defineProperty(globalThis, 'fetch', { configurable: true, get: () => fetched });
    try {
      await expect(ask(model, false)).rejects.toMatchObject({
        name: 'ModelError',
        costUsd: 0,
        message: expect.stringContaining('use googleGenAI'),
      });
    } finally {
      Object.defineProperty(globalThis, 'fetch', found);
    }
    expect(fetched).not.toHaveBeenCalled();
  });

  it('replaces the global fetch for no other code, however its SDK ends', async () => {
    const before = globalThis.fetch;
    const seen: unknown[] = [];
    const client = (call: () => Promise<never>) => ({
      getGenerativeModel: () => ({ generateContent: call, generateContentStream: call }),
    });
    for (const call of [
      () => Promise.reject(new Error('later')),
      (): Promise<never> => {
        throw new Error('at once');
      },
    ]) {
      const replaced = vi.fn(call);
      const asked = ask(gemini('m', { client: client(replaced) }), false).catch(() => undefined);
      for (let turn = 0; turn < 10; turn += 1) {
        await Promise.resolve();
        seen.push(globalThis.fetch);
      }
      await asked;
      expect(replaced).toHaveBeenCalledOnce();
    }
    expect(new Set(seen)).toEqual(new Set([before]));
  });

  it('calls the fetch that is the global one at the time of the call', async () => {
    const fetched = vi.fn(async () =>
      Response.json({ candidates: [{ content: { parts: [{ text: '4' }] } }] }),
    );
    const model = gemini('m', { apiKey: 'a key' });
    vi.stubGlobal('fetch', fetched);
    expect(await ask(model, false)).toMatchObject({ text: '4' });
    expect(fetched).toHaveBeenCalledOnce();
    expect(globalThis.fetch).toBe(fetched);
  });
});

describe('googleGenAI with a client', () => {
  const client = new GoogleGenAI({ apiKey: 'a key', vertexai: false });

  it.each(Object.entries(RUNTIMES))('refuses a limit that nobody could keep on %s', (_name, marks) => {
    vi.stubGlobal('process', marks);
    expect(() => googleGenAI('m', { client, maxResponseBytes: 1000 })).toThrow(
      'googleGenAI: option "maxResponseBytes" has no effect with "client" on this runtime',
    );
    expect(googleGenAI('m', { client }).id).toBe('google/m');
    vi.unstubAllGlobals();
    expect(googleGenAI('m', { client, maxResponseBytes: 1000 }).id).toBe('google/m');
  });
});
