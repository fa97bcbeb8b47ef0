/** One format for each quantity. An unknown quantity is {@link UNKNOWN}. */

/** Stands for an unknown quantity. */
export const UNKNOWN = '–';

type Format = (value: number | undefined) => string;

const format =
  (shown: (value: number) => string): Format =>
  (value) =>
    value === undefined ? UNKNOWN : shown(value);

const usd = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 9,
});

/** Formats a cost in USD to the cent, or to three digits if it is less than a dollar: `$1,234.50`, `$0.00123`. */
export const formatCost: Format = format((costUsd) =>
  usd.format(Number(costUsd < 1 ? costUsd.toPrecision(3) : costUsd.toFixed(2))),
);

/** The words before a cost, by its source. */
export const costQualifiers = {
  reported: '',
  estimated: 'about ',
  partial: 'at least ',
  unknown: '',
} as const;

/** Formats a duration in seconds, to a hundredth: `0.35 s`. */
export const formatSeconds: Format = format((durationMs) => `${formatNumber(durationMs / 1000, 2)} s`);

/** Formats a number with a fixed number of digits after the point: `1,234.5`. */
export const formatNumber = (value: number | undefined, fractionDigits = 0): string =>
  value === undefined
    ? UNKNOWN
    : value.toLocaleString('en-US', {
        minimumFractionDigits: fractionDigits,
        maximumFractionDigits: fractionDigits,
      });

/** Formats a ratio from 0 to 1 in percent, to a tenth, without the unit: `97.5`. For intervals and differences. */
export const percentFigure = (ratio: number): string => formatNumber(100 * ratio, 1);

/** Formats a ratio from 0 to 1 in percent, to a tenth: `97.5 %`. */
export const formatPercent: Format = format((ratio) => `${percentFigure(ratio)} %`);

/** Formats a ratio from 0 to 1 as a whole percentage: `98 %`. Only 1 is 100 %. */
export const formatShare = (ratio: number): string =>
  `${ratio < 1 ? Math.min(99, Math.round(100 * ratio)) : 100} %`;

/** Formats the ratio of two amounts to three digits: `×2.44`. */
export const formatRatio: Format = format(
  (ratio) =>
    `×${ratio.toLocaleString('en-US', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 })}`,
);

/** Formats a p-value to three digits after the point; never as 0. */
export const formatPValue: Format = format((p) => (p < 0.001 ? '< 0.001' : formatNumber(p, 3)));

/** Formats a weight of votes without rounding noise: at most three digits after the point. */
export const formatVotes = (votes: number): string => String(Number(votes.toFixed(3)));
