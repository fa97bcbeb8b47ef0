import type { Price } from '../domain/pricing.ts';
import { toServiceTier } from '../domain/service-tier.ts';

/** What a tier costs, compared with the standard one. */
interface Ratio {
  readonly ratio: number;
  /** Whether the ratio differs between models. It is then the highest one. */
  readonly isApproximate?: boolean;
}

const half: Ratio = { ratio: 0.5 };
const upToTwice: Ratio = { ratio: 2, isApproximate: true };

/** The tiers of providers whose price lists have a ratio for all models. Checked 2026-11-30. */
const RATIOS: Readonly<Record<string, Readonly<Record<string, Ratio>>>> = {
  openai: { flex: half, batch: half, priority: upToTwice },
  google: { flex: half, batch: half, priority: upToTwice },
  // Those of the newest models for servers in the USA.
  anthropic: { batch: half, fast: upToTwice, us: { ratio: 1.1 } },
};

/** Returns the price of a call that a tier served, from its standard price. That of an unknown tier is approximate. */
export const atTier = (price: Price, provider: string | undefined, serviceTier: unknown): Price => {
  const tier = toServiceTier(serviceTier);
  if (tier === undefined) return price;
  const ratios = provider !== undefined && Object.hasOwn(RATIOS, provider) ? RATIOS[provider] : undefined;
  const known = ratios !== undefined && Object.hasOwn(ratios, tier) ? ratios[tier] : undefined;
  const { ratio, isApproximate } = known ?? { ratio: 1, isApproximate: true };
  return { ...price, usd: price.usd * ratio, ...(isApproximate && { isApproximate }) };
};
