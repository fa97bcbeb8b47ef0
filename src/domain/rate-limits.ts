/** What a provider says is left of one of its limits. */
export interface Allowance {
  /** How much there is of it in all. */
  readonly limit?: number;
  /** How much of it is left. */
  readonly remaining?: number;
  /** How long until all of it is there again, in milliseconds from the moment in which this was told. */
  readonly resetAfterMs?: number;
}

/** What a provider says is left of its limits. */
export interface RateLimits {
  readonly requests?: Allowance;
  readonly tokens?: Allowance;
}

/**
 * Where a response, or the error of a refusal, says what is left of the provider's limits: a symbol, so that it
 * goes along when a response is spread, and does not when it is written as JSON, kept in a cache, or sent, since
 * it is true in its moment alone.
 */
export const rateLimits: unique symbol = Symbol('rateLimits');
