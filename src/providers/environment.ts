const environment = (): Readonly<Record<string, string | undefined>> =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};

/** The environment variables of the keys of the providers with an SDK, in order of precedence. */
export const KEY_VARIABLES = {
  openai: ['OPENAI_API_KEY'],
  anthropic: ['ANTHROPIC_API_KEY'],
  google: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
} as const;

/** A provider with an SDK. */
export type SdkProvider = keyof typeof KEY_VARIABLES;

/** Returns the first of these environment variables that is not empty. Browsers have no environment. */
export const environmentKey = (...variables: readonly string[]): string | undefined =>
  variables.map((variable) => environment()[variable]).find((value) => value);

/** Returns the fault of a missing key: it was not passed, and none of these environment variables is set. */
export const keyFaults = (owner: string, passed: unknown, ...variables: readonly string[]): string[] =>
  (passed ?? environmentKey(...variables))
    ? []
    : [`${owner}: there is no key: set ${variables.join(' or ')}, or pass option "apiKey"`];
