import { fetchTransport } from './fetch-transport.ts';
import type { Transport } from './transport.ts';
import { type Undici, undiciTransport } from './undici-transport.ts';

/** Not written into the import, so that bundlers for browsers do not look for it. */
const UNDICI = 'undici';

const isNode = (): boolean => {
  const { process } = globalThis as { process?: { versions?: Readonly<Record<string, string | undefined>> } };
  // Bun and Deno call themselves Node too; their own `fetch` is the fast way there.
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

let chosen: Promise<Transport> | undefined;

/**
 * The transport of this platform, shared by all models, so that those of one host share its connections: undici
 * on Node, where a call costs a third of the CPU time that it does through `fetch`; `fetch` elsewhere, and where undici is missing.
 */
export const platformTransport = (): Promise<Transport> => {
  chosen ??= choose();
  return chosen;
};
