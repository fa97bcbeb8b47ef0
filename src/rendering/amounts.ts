const usd = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});

/** A cost in dollars, to a ten-thousandth of a cent. */
export const shownCost = (costUsd: number): string => usd.format(costUsd);

/** A duration in seconds, to a hundredth. */
export const shownSeconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(2)} s`;

/** A share as a whole percentage; only all is 100 %. */
export const shownShare = (share: number): string =>
  `${share < 1 ? Math.min(99, Math.round(100 * share)) : 100} %`;

/** A share in percent, to a tenth. */
export const shownPercent = (share: number): string => (100 * share).toFixed(1);

/** What stands before a cost, by where it comes from. */
export const costQualifiers = {
  reported: '',
  estimated: 'about ',
  partial: 'at least ',
  unknown: '',
} as const;

/** A weight of votes, without the noise of its last digits. */
export const shownVotes = (votes: number): string => String(Number(votes.toFixed(3)));

/** A number to so many places after the point. */
export const digits = (value: number, fractionDigits: number): string =>
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
