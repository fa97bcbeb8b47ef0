import { base64url } from '../journal-base64url.ts';

/** A digest as Node has it: `hash('sha256', text, 'base64url')`. */
type Hash = (algorithm: string, text: string, encoding: string) => string;

/**
 * The SHA-256 of a text in base64url. Where the platform has a digest that is done at once, as Node does, it is
 * taken: measured, the one that all platforms have costs fifteen times as much there, most of it for a thread.
 */
export const sha256 = async (text: string): Promise<string> => {
  hashAtOnce ??= findHash() ?? false;
  if (hashAtOnce !== false) return hashAtOnce('sha256', text, 'base64url');
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
};

let hashAtOnce: Hash | false | undefined;

/** Looked for, and not imported: in a browser there is none. */
const findHash = (): Hash | undefined => {
  const platform: unknown = Reflect.get(globalThis, 'process');
  const load: unknown =
    platform === undefined ? undefined : Reflect.get(Object(platform), 'getBuiltinModule');
  const module: unknown = typeof load === 'function' ? load.call(platform, 'node:crypto') : undefined;
  return Reflect.get(Object(module), 'hash') as Hash | undefined;
};
