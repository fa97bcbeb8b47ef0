/** The words of providers for the tier of their price lists. */
const STANDARD: ReadonlySet<string> = new Set([
  ...['default', 'standard', 'standard_only', 'auto', 'on_demand', 'unspecified', 'traffic_type_unspecified'],
]);

/** The words of tiers are shorter. */
const WORD = /^[a-z][\w-]{0,39}$/i;

/** Reads the tier that a provider says has served a call, in lower case; `undefined` for the standard one, and for no word. */
export const toServiceTier = (word: unknown): string | undefined => {
  if (typeof word !== 'string' || !WORD.test(word)) return undefined;
  const tier = word.toLowerCase();
  // Google says it together with how the capacity was bought.
  return STANDARD.has(tier) ? undefined : tier.replace(/^on_demand_/, '');
};
