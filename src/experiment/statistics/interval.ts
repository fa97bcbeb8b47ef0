import { suchThat } from '../../options.ts';

/** A confidence interval of the true value, from `low` to `high`, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** An estimate and its confidence interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** Options of confidence intervals. */
export interface IntervalOptions {
  /** The proportion of samples with an interval that contains the true value, between 0 and 1. Default 0.95. */
  readonly confidence?: number;
}

const confidenceLevel = suchThat(
  'a number between 0 and 1',
  (value) => typeof value === 'number' && value > 0 && value < 1,
);

/** The specification of {@link IntervalOptions}. */
export const intervalSpecs = { confidence: [confidenceLevel, 0.95] } as const;
