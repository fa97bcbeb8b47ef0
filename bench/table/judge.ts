import type { Bar } from './bars.ts';

/** The middle of the values, in order. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Whether a row is at its bar: `near` if the median is not, but the best of its rounds is. */
export type Verdict = 'met' | 'near' | 'missed' | 'no bar';

/**
 * Judges the rounds of a row. A bar is missed beyond noise if each round misses it: if the true median met the bar, five
 * rounds would all miss it once in 32 times at the most, and three once in 8.
 */
export const judge = ({ bar, better }: Pick<Bar, 'bar' | 'better'>, rounds: readonly number[]): Verdict => {
  if (bar === undefined) return 'no bar';
  const meets = (value: number): boolean => (better === 'less' ? value <= bar : value >= bar);
  if (meets(median(rounds))) return 'met';
  return rounds.some(meets) ? 'near' : 'missed';
};
