import { answerKey } from '../../domain/answer-key.ts';
import type { Vote } from '../../domain/outcome.ts';
import { toRecord } from '../../domain/record.ts';
import type { Voter } from '../../domain/voter.ts';
import { checked, reading, suchThat } from '../../options.ts';
import { itemsOf } from './items-of.ts';
import { voterOfAll } from './voter-of-all.ts';

/** Options of {@link setVote}. */
export interface SetVoteOptions {
  /**
   * The share of the votes that an element needs, above 0 up to 1. 1 is the intersection of all answers, and a share below that of
   * one vote their union. Default: more than half.
   */
  readonly min?: number;
}

/**
 * Votes on each element of a set separately: each answer is an array, and the answer of the prediction has the elements that
 * enough of them name. It may be a set that no single model gave, also the empty one. An element counts once for each vote,
 * and an answer that is no array is a set of one. For lists without an order, such as tags, ingredients or findings.
 *
 * `metadata.votes` counts each element. `metadata.consensus` is the share of the votes that agree about the element that is
 * the most disputed, kept or not.
 *
 * Elements are in the order in which the first member of the panel names them.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, setVote } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: ['["milk", "nuts"]', '["milk", "eggs"]', '["nuts", "milk"]'].map((text, index) =>
 *     defineModel(`model-${index}`, () => text),
 *   ),
 *   normalization: 'json',
 *   strategy: setVote(),
 * });
 * const { answer, metadata } = await ensemble.predict('Which allergens does this cake have? Reply with a JSON array.');
 * answer; // => ['milk', 'nuts']
 * metadata.votes; // => { milk: 3, nuts: 2, eggs: 1 }
 * ```
 */
export const setVote = (options: SetVoteOptions = {}): Voter =>
  reading('setVote', () => {
    const { min } = checked('setVote', options, { min: aMinimum });
    return voterOfAll(
      'setVote',
      'every answer can change the elements',
      (votes) => {
        const elements = elementsOf(votes);
        const kept: unknown[] = [];
        let lead = votes.length;
        for (const { element, count } of elements.values()) {
          const keeps = isShared(count, votes.length, min);
          if (keeps) kept.push(element);
          lead = Math.min(lead, keeps ? count : votes.length - count);
        }
        const key = answerKey(kept);
        return {
          answer: kept,
          leadingVote: votes.find((vote) => vote.key === key),
          consensus: lead / votes.length,
          votes: toRecord(elements, ({ count }) => count),
          lead,
          runnerUp: votes.length - lead,
          total: votes.length,
        };
      },
      { countsNull: true },
    );
  });

/** The check of the option `min`. */
export const aMinimum = suchThat(
  'a number above 0 up to 1',
  (value) => typeof value === 'number' && value > 0 && value <= 1,
);

/** Whether enough votes name an element: the share `min` of them, or more than half. */
export const isShared = (count: number, votes: number, min: number | undefined): boolean =>
  // Shares such as 0.6 of five votes are compared in spite of rounding.
  min === undefined ? count > votes / 2 : count >= min * votes - 1e-9;

/** The elements of all votes, and how many votes name each. */
const elementsOf = (votes: readonly Vote[]): Map<string, { readonly element: unknown; count: number }> => {
  const elements = new Map<string, { readonly element: unknown; count: number }>();
  for (const vote of votes) {
    for (const [key, element] of itemsOf(vote)) {
      const known = elements.get(key) ?? { element, count: 0 };
      known.count += 1;
      elements.set(key, known);
    }
  }
  return elements;
};
