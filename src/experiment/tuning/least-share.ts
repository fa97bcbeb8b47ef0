import { wilsonInterval } from '../statistics/wilson-interval.ts';

/** The level of an interval that reaches one standard error to each side. */
const ONE_STANDARD_ERROR = { confidence: 0.6827 } as const;

/** Returns a share less one standard error: a bound that is kept so is not kept by luck alone. */
export const leastShare = (count: number, n: number): number =>
  wilsonInterval(count, n, ONE_STANDARD_ERROR).low;
