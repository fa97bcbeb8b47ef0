import type { Estimate } from '../experiment/statistics/interval.ts';
import { digits } from '../rendering/amounts.ts';

/** Formats the interval of an estimate; empty if there is no estimate. */
export const range = (
  estimate: Estimate | undefined,
  shown: (value: number | undefined) => string,
): string => (estimate === undefined ? '' : `${shown(estimate.low)} to ${shown(estimate.high)}`);

/** Formats a p-value, without digits if it is below 0.001. */
export const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : digits(p, 3));
