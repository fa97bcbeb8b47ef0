import type { Estimate } from '../experiment/statistics/interval.ts';

/** Formats the interval of an estimate; empty if there is no estimate. */
export const range = (
  estimate: Estimate | undefined,
  shown: (value: number | undefined) => string,
): string => (estimate === undefined ? '' : `${shown(estimate.low)} to ${shown(estimate.high)}`);
