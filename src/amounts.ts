const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});

/** A cost in dollars, to a ten-thousandth of a cent. */
export const shownCost = (costUsd: number): string => dollars.format(costUsd);

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
