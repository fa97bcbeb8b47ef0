/** One limit of a provider and the remaining part of it. */
export interface Allowance {
  /** The whole limit. */
  readonly limit?: number;
  /** The remaining part of the limit. */
  readonly remaining?: number;
  /** The time from the report until the whole limit is available again, in milliseconds. */
  readonly resetAfterMs?: number;
}

/** The limits of a provider and the remaining part of each. */
export interface RateLimits {
  readonly requests?: Allowance;
  readonly tokens?: Allowance;
}
