import { ConfigError } from '../errors.ts';

const environment = (): Readonly<Record<string, string | undefined>> =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};

/**
 * A key that was passed, or else the one in an environment variable. Browsers have no environment.
 *
 * @throws {ConfigError} where there is neither, or it is empty.
 */
export const requireKey = (owner: string, passed: string | undefined, ...variables: string[]): string => {
  const key = passed ?? variables.map((variable) => environment()[variable]).find((value) => value);
  if (key) return key;
  throw new ConfigError([`${owner}: option "apiKey" is missing, and ${variables.join(' or ')} is not set`]);
};
