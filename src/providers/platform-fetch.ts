/** The part of Deno that is used here. */
interface Deno {
  createHttpClient?(options: { readonly poolMaxIdlePerHost: number }): object;
}

let client: object | undefined;

/**
 * Returns the `fetch` of this platform, as one that sends each request once. Deno's own sends a request again, a POST
 * too, if a connection that it reuses breaks, so that one call could be billed twice. On Deno, each request therefore has
 * a connection of its own.
 */
export const platformFetch = (): typeof globalThis.fetch => {
  const { Deno: deno, fetch } = globalThis as typeof globalThis & { Deno?: Deno };
  client ??= deno?.createHttpClient?.({ poolMaxIdlePerHost: 0 });
  if (client === undefined) return fetch;
  const connection = { client };
  return (input, init) => fetch(input, { ...init, ...connection });
};
