import { answerText } from '../domain/answer-key.ts';
import type { Grouping } from '../domain/grouping.ts';
import { inPanelOrder, type Vote } from '../domain/outcome.ts';
import { textSimilarity } from '../normalizers/text-similarity.ts';
import { between, checked } from '../options.ts';

/** The options of {@link bySimilarity}. */
export interface SimilarityOptions {
  /** The least similarity of answers in one group, from 0 to 1. Default 0.8. */
  readonly threshold?: number;
}

/**
 * Groups answers of similar letters: `textSimilarity` is at least `threshold`. This compares spellings, not meanings.
 * `1834` and `1831` are similar, `4` and `four` are not, and a long answer is similar to no short one. On recorded answers in
 * prose it tells pairs that say the same from others little better than chance. Use it for names with typing errors, and
 * `byContent()` for prose.
 *
 * The answer with the most votes opens a group, and every answer that is similar to it joins; then the same with the rest.
 * Among answers with as many votes, the first in alphabetical order is first. The order of arrival changes nothing.
 *
 * Makes no calls. Takes time in proportion to the square of the number of different answers, and to that of their length.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { bySimilarity } from 'crucible-ensemble/grouping';
 *
 * const ensemble = createEnsemble({
 *   models: ['Reykjavik', 'Reykjavík', 'Reykjavick', 'Oslo'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   grouping: bySimilarity(),
 * });
 * const { answer, metadata } = await ensemble.predict('What is the capital of Iceland?');
 * answer; // => 'Reykjavik'
 * metadata.consensus; // => 0.75
 * ```
 */
export const bySimilarity = (options: SimilarityOptions = {}): Grouping => {
  const { threshold } = checked('bySimilarity', options, specs);
  const grouping: Grouping<Map<string, Vote[]>> = {
    name: 'bySimilarity',
    init: () => new Map(),
    add(votes, vote) {
      const same = votes.get(vote.key);
      if (same === undefined) votes.set(vote.key, [vote]);
      else same.push(vote);
      return votes;
    },
    groups(votes) {
      const groups: Vote[][] = [];
      for (let left = [...votes.values()].sort(byVotes); left.length > 0; ) {
        const [first = []] = left;
        const isSimilar = (others: readonly Vote[]): boolean =>
          others === first || textSimilarity(textOf(first), textOf(others)) >= threshold;
        groups.push(left.filter(isSimilar).flat());
        left = left.filter((others) => !isSimilar(others));
      }
      return groups.map((group) => inPanelOrder(group));
    },
  };
  return grouping;
};

const specs = { threshold: [between(0, 1), 0.8] } as const;

const textOf = ([vote]: readonly Vote[]): string => (vote === undefined ? '' : answerText(vote.answer));

const byVotes = (some: readonly Vote[], others: readonly Vote[]): number =>
  others.length - some.length || (textOf(some) < textOf(others) ? -1 : 1);
