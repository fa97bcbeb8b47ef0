import type { ModelIdentity } from './attempt.ts';
import type { Usage } from './model.ts';

/** What a call costs, in USD. */
export interface Price {
  readonly usd: number;
  /** Whether it is the price of a similar model, since that of this one is not known. */
  readonly isApproximate?: boolean;
}

/** Knows what calls cost. */
export interface Pricing {
  /** The price of a call that used these tokens; `undefined` where it is not known. */
  priceOf(model: ModelIdentity, usage: Usage): Price | undefined;
  /** About how many tokens a text has, for calls whose usage nobody reports. */
  countTokens(text: string): number;
}
