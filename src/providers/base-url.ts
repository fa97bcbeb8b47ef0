/** The endpoints that the models of providers add to a base URL. */
const ENDPOINT = /\/(?:chat\/completions|completions|responses|embeddings|messages|models\/[^/]+:\w+)\/?$/;

/**
 * Returns the faults of a base URL. The URL is not repeated in them, because it may contain a password or be a key by
 * mistake.
 */
export const baseURLFaults = (owner: string, baseURL: unknown, name = 'baseURL'): string[] => {
  if (typeof baseURL !== 'string') return [];
  const url = URL.parse(baseURL);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return [
      `${owner}: option "${name}" must be an absolute URL with http: or https:, such as http://localhost:8000/v1`,
    ];
  }
  const [endpoint] = ENDPOINT.exec(url.pathname) ?? [];
  return [
    ...(endpoint === undefined
      ? []
      : [
          `${owner}: option "${name}" must be the address before the endpoint, but got one that ends in "${endpoint.replace(/\/$/, '')}"; leave that out, because it is added`,
        ]),
    ...(url.username !== '' || url.password !== ''
      ? [`${owner}: option "${name}" must not contain a user name or a password; pass a key as "apiKey"`]
      : []),
    ...(url.hash !== '' ? [`${owner}: option "${name}" must not contain a fragment (#…); remove it`] : []),
  ];
};
