import { type Cost, isWhole } from '../domain/cost.ts';
import { isObject } from '../domain/is-object.ts';
import { formatDecimal, formatSignificant } from './decimal.ts';

/** One format for each quantity. An unknown quantity is {@link UNKNOWN}. */

/** Stands for an unknown quantity. */
export const UNKNOWN = '–';

type Format = (value: number | undefined) => string;

const format =
  (shown: (value: number) => string): Format =>
  (value) =>
    value === undefined ? UNKNOWN : shown(value);

/** The replacer of `JSON.stringify` that writes the costs in results by {@link plainUsd}. */
export const plainCosts = (name: string, value: unknown): unknown => {
  if (costNames.has(name)) return plainPart(value);
  return name === 'costBreakdown' && isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainPart(part)]))
    : value;
};

const costNames: ReadonlySet<string> = new Set([
  'costUsd',
  'maxCostUsd',
  'costUsdPerQuestion',
  'maxCostUsdPerQuestion',
  'spentUsd',
  'recordedUsd',
]);

const plainPart = (part: unknown): unknown => (typeof part === 'number' ? plainUsd(part) : part);

/** Formats an amount in USD to the cent, or to three digits if it is less than a dollar: `$1,234.50`, `$0.00123`. */
export const formatUsd: Format = format((costUsd) =>
  formatDecimal(Number(costUsd < 1 ? costUsd.toPrecision(3) : costUsd.toFixed(2)), 9, 2, '$'),
);

/**
 * Formats a cost as far as it is known: `$0.02`, `≈$0.02` if it is estimated, `≥$0.02` if it leaves out calls,
 * `$0.02–$0.05` if the price of these calls is a bound, and `–` if nothing is known: a lower bound of 0 says nothing.
 */
export const formatCost = (cost: Cost): string => knownCost(cost) ?? UNKNOWN;

/** Formats a cost like {@link formatCost}; `undefined` if nothing is known. */
export const knownCost = (cost: Cost): string | undefined => {
  const { costUsd, costSource, maxCostUsd, isPriceApproximate } = cost;
  const least = formatUsd(costUsd ?? 0);
  if (isWhole(cost)) return costSource === 'estimated' || isPriceApproximate ? `≈${least}` : least;
  if (maxCostUsd !== undefined) return range(least, formatUsd(maxCostUsd));
  return costUsd === undefined || costUsd === 0 ? undefined : `≥${least}`;
};

const range = (low: string, high: string): string => (low === high ? low : `${low}–${high}`);

/** An amount in USD for a file or another program, without the rounding noise of sums: 0.3, not 0.30000000000000004. */
export const plainUsd = <Usd extends number | undefined>(usd: Usd): Usd =>
  (usd === undefined ? usd : Number(usd.toPrecision(12))) as Usd;

/** Formats a duration in seconds, to a hundredth: `0.35 s`. */
export const formatSeconds: Format = format((durationMs) => `${formatNumber(durationMs / 1000, 2)} s`);

/** Formats a number with a fixed number of digits after the point: `1,234.5`. */
export const formatNumber = (value: number | undefined, fractionDigits = 0): string =>
  value === undefined ? UNKNOWN : formatDecimal(value, fractionDigits);

/** Formats a ratio from 0 to 1 in percent, to a tenth, without the unit: `97.5`. For intervals and differences. */
export const percentFigure = (ratio: number): string => formatNumber(100 * ratio, 1);

/** Formats a ratio from 0 to 1 in percent, to a tenth: `97.5 %`. */
export const formatPercent: Format = format((ratio) => `${percentFigure(ratio)} %`);

/** Formats a ratio from 0 to 1 as a whole percentage: `98 %`. Only 1 is 100 %. */
export const formatShare = (ratio: number): string =>
  `${ratio < 1 ? Math.min(99, Math.round(100 * ratio)) : 100} %`;

/** Formats the ratio of two amounts to three digits: `×2.44`. */
export const formatRatio: Format = format((ratio) => `×${formatSignificant(ratio, 3)}`);

/** Formats a p-value to three digits after the point; never as 0. */
export const formatPValue: Format = format((p) => (p < 0.001 ? '< 0.001' : formatNumber(p, 3)));

/** Formats a weight of votes without rounding noise: at most three digits after the point. */
export const formatVotes = (votes: number): string => String(Number(votes.toFixed(3)));

/** Writes a count with its noun: `1 call`, `2 calls`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
