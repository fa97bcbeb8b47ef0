import type { Voter } from '../../domain/voter.ts';
import { checked, reading, suchThat } from '../../options.ts';
import { numberVoter } from './number-votes.ts';

/** Options of {@link median} and {@link trimmedMean}. */
export interface WithinOptions {
  /** How far from the answer a number may be to agree with it, at least 0. Default 0: only equal numbers agree. */
  readonly within?: number;
}

/**
 * The median of all numbers that were voted for: half of them are at most as large, half at least. Of an even number of votes
 * it is the mean of the two in the middle. One absurd number among many does not change it. For estimates, which seldom meet:
 * numbers that are right or wrong are better counted by {@link majority}.
 *
 * `metadata.consensus` is the share of the votes `within` the answer. A vote for no finite number agrees with none.
 * `metadata.votes` counts each number. Every number can change the result, so that `decided` waits for all.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, median } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: ['40', '44', '4100'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: 'numeric',
 *   strategy: median({ within: 5 }),
 * });
 * const { answer, metadata } = await ensemble.predict('How many people are on this photo?');
 * answer; // => 44
 * metadata.consensus.toFixed(2); // => '0.67'
 * ```
 */
export const median = (options: WithinOptions = {}): Voter =>
  reading('median', () => {
    const { within } = checked('median', options, { within: withinSpec });
    return numberVoter('median', within, medianOf);
  });

/** The median of numbers in ascending order, of which there is at least one. */
export const medianOf = (numbers: readonly number[]): number => {
  const middle = (numbers.length - 1) / 2;
  return midpoint(numbers[Math.floor(middle)] as number, numbers[Math.ceil(middle)] as number);
};

/** Does not overflow, as half of the sum would. */
const midpoint = (a: number, b: number): number => (a === b ? a : a / 2 + b / 2);

/** The check of the option `within`. */
export const withinSpec = [
  suchThat('a number of at least 0', (value) => typeof value === 'number' && value >= 0),
  0,
] as const;
