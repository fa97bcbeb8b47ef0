type Variables = Readonly<Record<string, string | undefined>>;

/** Returns the variables of the environment. Browsers have none. */
export const environment = (): Variables =>
  (globalThis as { process?: { env?: Variables } }).process?.env ?? {};

/** Returns the first of these environment variables that is not empty. */
export const environmentKey = (
  names: readonly string[],
  variables: Variables = environment(),
): string | undefined => names.map((name) => variables[name]).find((value) => value);
