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

/** Imports undici on Node. Returns `undefined` elsewhere, or if undici is missing. */
export const importUndici = async (): Promise<Undici | undefined> => {
  if (!isNode()) return undefined;
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ UNDICI)) as Undici;
  } catch {
    return undefined;
  }
};

/**
 * Returns the transport of this platform. All models share it, and with it the connections of a host. On Node it is
 * undici, which takes a third of the CPU time of `fetch`. Elsewhere, or if undici is missing, it is `fetch`.
 */
export const platformTransport: () => Promise<Transport> = loadOnce(async () => {
  const undici = await importUndici();
  return undici === undefined ? fetchTransport() : undiciTransport(undici);
});
