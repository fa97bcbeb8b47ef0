import type { Estimate } from './interval.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** A share with its interval; `undefined` of nothing. */
export const shareEstimate = (part: number, whole: number): Estimate | undefined =>
  whole === 0 ? undefined : { value: part / whole, ...wilsonInterval(part, whole) };

/** An estimate of what cannot be less than nothing. */
export const atLeastZero = (estimate: Estimate | undefined): Estimate | undefined =>
  estimate && { ...estimate, low: Math.max(0, estimate.low) };
