import { shownPercent } from '../amounts.ts';
import type { Estimate } from '../experiment/panel.ts';

const digits = (value: number, fractionDigits: number): string =>
  value.toLocaleString('en-US', {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  });

/** What stands for what is not known. */
const NOTHING = '–';

/** A share as a percentage to a tenth. */
export const percentage = (share: number | undefined): string =>
  share === undefined ? NOTHING : `${shownPercent(share)} %`;

/** A cost in USD to three digits, for amounts of any size. */
export const dollars = (costUsd: number | undefined): string =>
  costUsd === undefined
    ? NOTHING
    : `$${costUsd.toLocaleString('en-US', { maximumSignificantDigits: 3, maximumFractionDigits: 9 })}`;

/** A duration in seconds. */
export const seconds = (durationMs: number | undefined): string =>
  durationMs === undefined ? NOTHING : `${digits(durationMs / 1000, durationMs < 1000 ? 3 : 2)} s`;

/** A number to so many places. */
export const number = (value: number | undefined, fractionDigits = 0): string =>
  value === undefined ? NOTHING : digits(value, fractionDigits);

/** Where an estimate lies. */
export const range = (
  estimate: Estimate | undefined,
  shown: (value: number | undefined) => string,
): string => (estimate === undefined ? '' : `${shown(estimate.low)} to ${shown(estimate.high)}`);

/** A p-value, no smaller than is worth reading. */
export const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : digits(p, 3));
