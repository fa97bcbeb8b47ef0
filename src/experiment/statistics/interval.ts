import { suchThat } from '../../options.ts';

/** Where a true value lies, as far as the sample can tell: from `low` to `high`, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** An estimate and its confidence interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** How sure an interval is to be. */
export interface IntervalOptions {
  /** The share of samples whose interval has the true value in it, between 0 and 1. Default 0.95. */
  readonly confidence?: number;
}

const confidenceLevel = suchThat(
  'a number between 0 and 1',
  (value) => typeof value === 'number' && value > 0 && value < 1,
);

/** The specification of {@link IntervalOptions}. */
export const intervalSpecs = { confidence: [confidenceLevel, 0.95] } as const;
