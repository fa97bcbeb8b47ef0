import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Imports the module anew, because it keeps the client of the platform. */
const platformFetch = async () => (await import('../../src/providers/platform-fetch.ts')).platformFetch();

it('is the fetch of the platform', async () => {
  expect(await platformFetch()).toBe(globalThis.fetch);
});

it('reuses no connection on Deno, which would send a request again if that breaks', async () => {
  const client = {};
  const createHttpClient = vi.fn(() => client);
  const fetch = vi.fn();
  vi.stubGlobal('Deno', { createHttpClient });
  vi.stubGlobal('fetch', fetch);
  vi.resetModules();
  await (await platformFetch())('https://host/', { method: 'POST' });
  expect(createHttpClient).toHaveBeenCalledExactlyOnceWith({ poolMaxIdlePerHost: 0 });
  expect(fetch).toHaveBeenCalledExactlyOnceWith('https://host/', { method: 'POST', client });
});
