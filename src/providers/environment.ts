import { ConfigError } from '../domain/errors.ts';

const environment = (): Readonly<Record<string, string | undefined>> =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};

/** The first of these environment variables that has something in it. Browsers have no environment. */
export const environmentKey = (...variables: readonly string[]): string | undefined =>
  variables.map((variable) => environment()[variable]).find((value) => value);

const findKey = (passed: string | undefined, variables: readonly string[]): string | undefined =>
  passed ?? environmentKey(...variables);

/** The fault of a key that was not passed, and is in none of these environment variables; to be told with others. */
export const keyFaults = (owner: string, passed: string | undefined, ...variables: string[]): string[] =>
  findKey(passed, variables)
    ? []
    : [`${owner}: option "apiKey" is missing, and ${variables.join(' or ')} is not set`];

/**
 * A key that was passed, or else the one in an environment variable. Browsers have no environment.
 *
 * @throws {ConfigError} where there is neither, or it is empty.
 */
export const requireKey = (owner: string, passed: string | undefined, ...variables: string[]): string => {
  const key = findKey(passed, variables);
  if (key) return key;
  throw new ConfigError(keyFaults(owner, passed, ...variables));
};
