import { type Draw, drawsFor } from '../models/random.ts';
import { faultsOf, oneOf, refuse, wholeNumber } from '../options.ts';
import type { Dataset, Question } from './question.ts';

/** Options of {@link sample}. */
export interface SampleOptions {
  /** How many questions are drawn; all of them, where the dataset has no more. From 1. */
  readonly size: number;
  /** Makes another draw from the same dataset. Default 0. */
  readonly seed?: number | string;
}

/** A question with what decides whether it is drawn: of all priorities, the smallest are. */
interface Drawn {
  readonly question: Question;
  readonly index: number;
  readonly priority: number;
}

/**
 * A random sample of a dataset, in the order of the dataset. Every question is as likely as every other, and
 * the same seed draws the same ones. A larger sample with the same seed has all questions of a smaller one,
 * so that calls recorded for the smaller are not paid for again.
 *
 * The dataset is read to its end before the first question comes, and again each time the sample is iterated.
 * Holds at most `2 × size` questions.
 *
 * Reservoir sampling by random priorities: each question draws a number, and the `size` smallest stay
 * (Vitter, "Random Sampling with a Reservoir", 1985, has it by replacement, which does not nest).
 *
 * @throws {ConfigError} for a size that is none.
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
  const faults = faultsOf('sample', options, { size: wholeNumber(1), seed: isSeed });
  refuse(faults.length > 0 || options.size !== undefined ? faults : ['sample: option "size" must be given']);
  const { size, seed = 0 } = options;
  return {
    async *[Symbol.asyncIterator]() {
      const drawn = await smallest(dataset, size, drawsFor(`sample/${seed}`));
      for (const { question } of drawn.sort((a, b) => a.index - b.index)) yield question;
    },
  };
};

const isSeed = oneOf([], 'a number or a text', (value) => ['number', 'string'].includes(typeof value));

/** Cuts back to `size` only when there are twice as many: n questions cost n log n comparisons at most. */
const smallest = async (dataset: Dataset, size: number, draw: Draw): Promise<Drawn[]> => {
  let kept: Drawn[] = [];
  let bar = Number.POSITIVE_INFINITY;
  let index = 0;
  const cut = (): void => {
    kept = kept.sort((a, b) => a.priority - b.priority || a.index - b.index).slice(0, size);
    bar = kept[size - 1]?.priority ?? bar;
  };
  for await (const question of dataset) {
    const priority = draw();
    if (priority < bar) kept.push({ question, index, priority });
    index += 1;
    if (kept.length >= 2 * size) cut();
  }
  cut();
  return kept;
};
