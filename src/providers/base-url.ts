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
  return [
    ...(url.username !== '' || url.password !== ''
      ? [`${owner}: option "${name}" must not contain a user name or a password; pass a key as "apiKey"`]
      : []),
    ...(url.hash !== '' ? [`${owner}: option "${name}" must not contain a fragment (#…); remove it`] : []),
  ];
};
