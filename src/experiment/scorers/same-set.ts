import { answerKey } from '../../domain/answer-key.ts';
import { checked, ofType, reading } from '../../options.ts';
import type { Scorer } from './scorer.ts';
import { scorerOf } from './scorer-of.ts';

/** Options of {@link sameSet}. */
export interface SameSetOptions {
  /** Whether a part of the items scores as a part: their F₁ score. Default `false`. */
  readonly partial?: boolean;
}

/**
 * Scores a list as right if it has the expected items and no others, in any order and any number of times. A string is
 * a list with commas or semicolons between its items. Case and surrounding spaces are ignored.
 *
 * With `partial`, the F₁ score: the harmonic mean of precision (the proportion of the answer that is right) and recall
 * (the proportion of the right items that are in the answer). Van Rijsbergen, "Information Retrieval", 1979.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { sameSet } from 'crucible-ensemble/experiment';
 *
 * const question = { id: '1', question: 'Which are the primes below 6?', expected: [2, 3, 5] };
 * const context = { readAnswer: (text: string) => text };
 * sameSet()('5, 3, 2', question, context); // => 1
 * sameSet({ partial: true })('2', question, context); // => 0.5
 * ```
 */
export const sameSet = (options: SameSetOptions = {}): Scorer => {
  return reading('sameSet', () => {
    const { partial } = checked('sameSet', options, { partial: [ofType('boolean'), false] });
    return scorerOf('sameSet', (answer, { expected }) => {
      const [given, right] = [itemsOf(answer), itemsOf(expected)];
      const shared = [...given].filter((item) => right.has(item)).length;
      if (shared === given.size && shared === right.size) return 1;
      return partial ? (2 * shared) / (given.size + right.size) : 0;
    });
  });
};

const itemsOf = (value: unknown): Set<string> => {
  const items: readonly unknown[] =
    typeof value === 'string' ? value.split(/[,;]/) : Array.isArray(value) ? value : [value];
  return new Set(items.map((item) => answerKey(item).trim().toLowerCase()).filter((item) => item !== ''));
};
