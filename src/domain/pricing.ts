import type { ModelIdentity } from './attempt.ts';
import type { Usage } from './model.ts';

/** The price of a call, in USD. */
export interface Price {
  readonly usd: number;
  /** Whether it is the price of a similar model, because that of this model is unknown. */
  readonly isApproximate?: boolean;
}

/** The prices of calls. */
export interface Pricing {
  /** Returns the price of a call that used these tokens; `undefined` if unknown. */
  priceOf(model: ModelIdentity, usage: Usage): Price | undefined;
  /** Estimates the tokens of a text, for calls without reported usage. */
  countTokens(text: string): number;
}
