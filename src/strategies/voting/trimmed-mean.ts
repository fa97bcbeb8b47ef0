import type { Voter } from '../../domain/voter.ts';
import { checked, reading, suchThat } from '../../options.ts';
import { type WithinOptions, withinSpec } from './median.ts';
import { numberVoter } from './number-votes.ts';

/** Options of {@link trimmedMean}. */
export interface TrimmedMeanOptions extends WithinOptions {
  /** The share of the votes that is left out at each end, from 0 to below 0.5, rounded down to whole votes. Default 0.2. */
  readonly trim?: number;
}

/**
 * The mean of all numbers that were voted for, without the smallest and the largest ones. For estimates: steadier than the
 * median if errors are even, and as safe from absurd numbers while they are fewer than `trim`.
 *
 * `metadata.consensus` is the share of the votes `within` the answer. With the default of 0 it is 0 for nearly every mean, so
 * set `within` to what counts as agreement. Every number can change the result, so that `decided` waits for all.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, trimmedMean } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: ['39', '40', '42', '44', '4100'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: 'numeric',
 *   strategy: trimmedMean({ within: 5 }),
 * });
 * const { answer, metadata } = await ensemble.predict('How many people are on this photo?');
 * answer; // => 42
 * metadata.consensus; // => 0.8
 * ```
 */
export const trimmedMean = (options: TrimmedMeanOptions = {}): Voter =>
  reading('trimmedMean', () => {
    const { trim, within } = checked('trimmedMean', options, { trim: trimSpec, within: withinSpec });
    return numberVoter('trimmedMean', within, trimmedMeanOf(trim));
  });

/** The check of the option `trim`. */
export const trimSpec = [
  suchThat('a number from 0 to below 0.5', (value) => typeof value === 'number' && value >= 0 && value < 0.5),
  0.2,
] as const;

/** The mean of numbers in ascending order, without this share of them at each end. */
export const trimmedMeanOf =
  (trim: number) =>
  (numbers: readonly number[]): number => {
    const ends = Math.floor(trim * numbers.length);
    const kept = numbers.slice(ends, numbers.length - ends);
    return kept.reduce((mean, number, index) => mean + (number - mean) / (index + 1), 0);
  };
