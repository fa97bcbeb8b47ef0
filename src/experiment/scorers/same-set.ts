import { answerKey } from '../../domain/answer-key.ts';
import { faultsOf, ofType, refuse } from '../../options.ts';
import type { Scorer } from './scorer.ts';

/** Options of {@link sameSet}. */
export interface SameSetOptions {
  /** Whether some of the items are worth something: their F₁ score. Default `false`. */
  readonly partial?: boolean;
}

/**
 * Right is a list with the expected items and no others, in any order, each as often as one likes. A text is a list
 * with commas or semicolons between its items, of which case and spaces around do not count.
 *
 * With `partial`, the F₁ score: the harmonic mean of the share of the answer that is right and the share of what is
 * right that is in the answer (van Rijsbergen, "Information Retrieval", 1979).
 *
 * @throws {ConfigError} for options that cannot be.
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
  refuse(faultsOf('sameSet', options, { partial: ofType('boolean') }));
  return (answer, { expected }) => {
    const [given, right] = [itemsOf(answer), itemsOf(expected)];
    const shared = [...given].filter((item) => right.has(item)).length;
    if (shared === given.size && shared === right.size) return 1;
    return options.partial === true ? (2 * shared) / (given.size + right.size) : 0;
  };
};

const itemsOf = (value: unknown): Set<string> => {
  const items: readonly unknown[] =
    typeof value === 'string' ? value.split(/[,;]/) : Array.isArray(value) ? value : [value];
  return new Set(items.map((item) => answerKey(item).trim().toLowerCase()).filter((item) => item !== ''));
};
