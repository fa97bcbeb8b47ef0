import { lazily } from './lazily.ts';

/** The function `hash` of `node:crypto`, as in `hash('sha256', text, 'base64url')`. */
export type Hash = (algorithm: string, text: string, encoding: string) => string;

/** What is used of `node:crypto`. */
interface Crypto {
  readonly hash?: Hash;
  readonly timingSafeEqual?: (one: Uint8Array, other: Uint8Array) => boolean;
}

/** The module `node:crypto`, if the platform has it. Looked up instead of imported, because browsers have no such module. */
export const nodeCrypto = lazily((): Crypto => {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(name: 'crypto'): Crypto | undefined };
  };
  return process?.getBuiltinModule?.('crypto') ?? {};
});

/**
 * Returns the synchronous digest of the platform if it has one, as Node does. There it costs a fifteenth of the
 * asynchronous `crypto.subtle` (measured), which uses a thread.
 */
export const hashAtOnce = (): Hash | undefined => nodeCrypto().hash;
