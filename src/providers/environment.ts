import { ConfigError } from '../errors.ts';

const environment = (): Readonly<Record<string, string | undefined>> =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};

/** The first of these environment variables that has something in it. Browsers have no environment. */
export const environmentKey = (...variables: readonly string[]): string | undefined =>
  variables.map((variable) => environment()[variable]).find((value) => value);

/**
 * A key that was passed, or else the one in an environment variable.
 *
 * @throws {ConfigError} where there is neither, or it is empty.
 */
export const requireKey = (owner: string, passed: string | undefined, ...variables: string[]): string => {
  const key = passed ?? environmentKey(...variables);
  if (key) return key;
  throw new ConfigError([`${owner}: option "apiKey" is missing, and ${variables.join(' or ')} is not set`]);
};
