import type { Estimate } from '../experiment/statistics/interval.ts';
import { digits } from '../rendering/amounts.ts';

/** Where an estimate lies. */
export const range = (
  estimate: Estimate | undefined,
  shown: (value: number | undefined) => string,
): string => (estimate === undefined ? '' : `${shown(estimate.low)} to ${shown(estimate.high)}`);

/** A p-value, no smaller than is worth reading. */
export const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : digits(p, 3));
