/** Returns the faults of a key that was copied with more than the key. Nothing of it is repeated. */
export const keyFormFaults = (owner: string, apiKey: unknown): string[] => {
  if (typeof apiKey !== 'string') return [];
  const slip = slips.find(([form]) => form.test(apiKey));
  return slip === undefined
    ? []
    : [`${owner}: option "apiKey" must be the key alone, but got one ${slip[1]}`];
};

const slips: readonly (readonly [form: RegExp, words: string])[] = [
  [/^\s*(?:Bearer|Basic)\s/i, 'after "Bearer"; leave that word out, because it is added'],
  [/^\s*["'`].*["'`]\s*$/s, 'within quotation marks; leave them out'],
  [/^\s|\s$/, 'with blanks or a line break around it; trim it'],
  [
    /^(?:process\.env\.|\$\{?)[A-Z_]+\}?$/,
    'that names a variable; pass its value, such as process.env.OPENAI_API_KEY',
  ],
];
