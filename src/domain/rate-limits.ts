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
