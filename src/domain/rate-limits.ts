/** One limit of a provider and what is left of it. */
export interface Allowance {
  /** The whole limit. */
  readonly limit?: number;
  /** What is left of it. */
  readonly remaining?: number;
  /** The time from the report until the whole limit is available again, in milliseconds. */
  readonly resetAfterMs?: number;
}

/** The limits of a provider and what is left of them. */
export interface RateLimits {
  readonly requests?: Allowance;
  readonly tokens?: Allowance;
}
