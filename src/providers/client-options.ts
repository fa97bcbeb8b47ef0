import { type Check, MAX_DELAY_MS, oneOf } from '../options.ts';

/**
 * What each request tells the SDKs of OpenAI and Anthropic: retries and deadlines are the ensemble's. Theirs
 * cannot be left out: without a `timeout` they have one, and one of `undefined` they refuse.
 */
export const OUT_OF_THE_WAY = { maxRetries: 0, timeout: MAX_DELAY_MS } as const;

/** An absolute address. */
export const url: Check = (value) =>
  typeof value === 'string' && URL.canParse(value) ? undefined : 'an absolute URL';

/** A ready-made client, which is known by what it has. */
export const clientWith = (property: string): Check =>
  oneOf(
    [],
    `a client with "${property}"`,
    (value) => typeof value === 'object' && value !== null && property in value,
  );

/** What a client of the caller's own has been made with already, and cannot be given again. */
export const clientFaults = (owner: string, options: { readonly client?: unknown }): string[] =>
  options?.client === undefined
    ? []
    : Object.entries(options).flatMap(([name, value]) =>
        value !== undefined && ['apiKey', 'baseURL', 'maxResponseBytes'].includes(name)
          ? [`${owner}: option "${name}" has no effect on a client of your own: make the client with it`]
          : [],
      );
