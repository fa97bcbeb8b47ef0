import type { Estimate } from './interval.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** A proportion with its confidence interval; `undefined` if `whole` is 0. */
export const shareEstimate = (part: number, whole: number): Estimate | undefined =>
  whole === 0 ? undefined : { value: part / whole, ...wilsonInterval(part, whole) };

/** Raises the lower end of an interval to 0, for values that cannot be negative. */
export const atLeastZero = (estimate: Estimate | undefined): Estimate | undefined =>
  estimate && { ...estimate, low: Math.max(0, estimate.low) };
