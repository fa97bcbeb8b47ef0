import { formatRatio } from '../../rendering/amounts.ts';
import type { ConditionComparison } from './scorecard.ts';

/** Formats how many times the cost of the first condition the second one costs, or between which bounds. */
export const costRatioCell = ({ costRatio, costRatioBounds }: ConditionComparison): string =>
  costRatioBounds === undefined
    ? formatRatio(costRatio)
    : `${formatRatio(costRatioBounds.low)}–${formatRatio(costRatioBounds.high).slice(1)}`;
