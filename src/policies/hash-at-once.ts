/** A digest as Node has it: `hash('sha256', text, 'base64url')`. */
export type Hash = (algorithm: string, text: string, encoding: string) => string;

/**
 * The digest of the platform that is done at once, where it has one, as Node does: measured, the one that all
 * platforms have costs fifteen times as much there, most of it for a thread.
 */
export const hashAtOnce = (): Hash | undefined => {
  found ??= findHash() ?? false;
  return found === false ? undefined : found;
};

let found: Hash | false | undefined;

/** Looked for, and not imported: in a browser there is none. */
const findHash = (): Hash | undefined => {
  const platform: unknown = Reflect.get(globalThis, 'process');
  const load: unknown =
    platform === undefined ? undefined : Reflect.get(Object(platform), 'getBuiltinModule');
  const module: unknown = typeof load === 'function' ? load.call(platform, 'crypto') : undefined;
  return Reflect.get(Object(module), 'hash') as Hash | undefined;
};
