import { itemsOf } from '../domain/items-of.ts';
import { type Draw, drawsFor, seedCheck } from '../models/random.ts';
import { anIterable, checked, faultsOf, reading, refuse, required, wholeNumber } from '../options.ts';
import type { Dataset, Question } from './question.ts';

/** Options of {@link sample}. */
export interface SampleOptions {
  /** The number of questions to draw, from 1. If the dataset has fewer, all of them are drawn. */
  readonly size: number;
  /** Seed of the random draw. Default 0. */
  readonly seed?: number | string;
}

/** The specification of {@link SampleOptions}. */
export const sampleSpecs = { size: required(wholeNumber(1)), seed: [seedCheck, 0] } as const;

/** A question and its random priority: the questions with the smallest priorities are drawn. */
interface Candidate {
  readonly question: Question;
  readonly index: number;
  readonly priority: number;
}

/**
 * Draws a random sample of a dataset, in the order of the dataset. Every question is equally likely, and the same seed
 * draws the same questions. A larger sample with the same seed contains every smaller one, so calls recorded for a
 * smaller sample are used again.
 *
 * Reads the dataset to its end before the first question, and again each time the sample is iterated. Keeps at most `2
 * × size` questions in memory.
 *
 * Reservoir sampling by random priorities: each question draws a number, and the `size` smallest stay. Vitter, "Random
 * Sampling with a Reservoir" (1985) replaces questions instead, but then samples are not nested.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { sample } from 'crucible-ensemble/experiment';
 *
 * const dataset = Array.from({ length: 1000 }, (_, index) => ({ id: `${index}`, question: `${index} + 1?` }));
 * const ids = [];
 * for await (const { id } of sample(dataset, { size: 3, seed: 7 })) ids.push(Number(id));
 * ids.length; // => 3
 * ids.toSorted((a, b) => a - b).join() === ids.join(); // => true
 * ```
 */
export const sample = (dataset: Dataset, options: SampleOptions): AsyncIterable<Question> => {
  return reading('sample', () => {
    refuse(faultsOf('sample', { dataset }, { dataset: required(anIterable) }));
    const { size, seed } = checked('sample', options, sampleSpecs);
    return {
      async *[Symbol.asyncIterator]() {
        const drawn = await smallest(dataset, size, drawsFor(`sample/${seed}`));
        for (const { question } of drawn.sort((a, b) => a.index - b.index)) yield question;
      },
    };
  });
};

/** Sorts only if there are twice as many candidates as needed, so n questions cost at most n log n comparisons. */
const smallest = async (dataset: Dataset, size: number, draw: Draw): Promise<Candidate[]> => {
  let kept: Candidate[] = [];
  let bar = Number.POSITIVE_INFINITY;
  let index = 0;
  const cut = (): void => {
    kept = kept.sort((a, b) => a.priority - b.priority || a.index - b.index).slice(0, size);
    bar = kept[size - 1]?.priority ?? bar;
  };
  for await (const question of itemsOf(dataset)) {
    const priority = draw();
    if (priority < bar) kept.push({ question, index, priority });
    index += 1;
    if (kept.length >= 2 * size) cut();
  }
  cut();
  return kept;
};
