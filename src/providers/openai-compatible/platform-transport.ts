import { loadOnce } from '../load-once.ts';
import { fetchTransport } from './fetch-transport.ts';
import type { Transport } from './transport.ts';
import { type Undici, undiciTransport } from './undici-transport.ts';

/** A variable, so that bundlers for browsers do not follow the import. */
const UNDICI = 'undici';

const isNode = (): boolean => {
  const { process } = globalThis as { process?: { versions?: Readonly<Record<string, string | undefined>> } };
  // Bun and Deno report a Node version too, but their own `fetch` is faster.
  return Boolean(process?.versions?.node && !process.versions.bun && !process.versions.deno);
};

const choose = async (): Promise<Transport> => {
  if (!isNode()) return fetchTransport();
  try {
    return undiciTransport((await import(/* @vite-ignore */ /* webpackIgnore: true */ UNDICI)) as Undici);
  } catch {
    return fetchTransport();
  }
};

/**
 * Returns the transport of this platform. All models share it, and with it the connections of a host. On Node it is
 * undici, which takes a third of the CPU time of `fetch`. Elsewhere, or if undici is missing, it is `fetch`.
 */
export const platformTransport: () => Promise<Transport> = loadOnce(choose);
