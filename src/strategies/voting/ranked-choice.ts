import type { Voter } from '../../domain/voter.ts';
import { checked, oneOf, reading } from '../../options.ts';
import { itemsOf } from './items-of.ts';
import { countRankings, type RankingMethod } from './ranking/methods.ts';
import { voterOfAll } from './voter-of-all.ts';

/** Options of {@link rankedChoice}. */
export interface RankedChoiceOptions {
  /**
   * `condorcet`: the choice that beats each other one in pairs, of which there may be none. `borda`: the most points for
   * places. `instantRunoff`: the choice that the fewest have on top is dropped until one is on top of more than half.
   * Default `condorcet`.
   */
  readonly method?: RankingMethod;
}

/**
 * Votes that are rankings: each answer is an array of choices, the best first. A ballot may leave choices out; they are below
 * all others. An answer that is no array ranks one choice. The answer of the prediction is the choice that wins.
 *
 * `metadata.consensus` is the share of the ballots that rank it above its strongest rival. `metadata.votes` has what the method
 * counts for each choice: the rivals that it beats, its points, or the ballots that have it on top in the last round.
 *
 * Ties: by points, the choice that more ballots rank above the other, then the one that is named first. In a runoff, the choice
 * with fewer points is dropped. Every ballot can change the result, so that `decided` waits for all.
 *
 * Sources: Borda (1781), Condorcet (1785), and Ware's instant-runoff voting (1871).
 *
 * @throws {ConfigError} for an unknown method.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, rankedChoice } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('a', () => '["Lyon", "Paris", "Nice"]'),
 *     defineModel('b', () => '["Nice", "Paris", "Lyon"]'),
 *     defineModel('c', () => '["Paris", "Lyon"]'),
 *   ],
 *   normalization: 'json',
 *   strategy: rankedChoice(),
 * });
 * const { answer, metadata } = await ensemble.predict('Rank Lyon, Nice and Paris by size.');
 * answer; // => 'Paris'
 * metadata.votes; // => { Lyon: 1, Paris: 2, Nice: 0 }
 * ```
 */
export const rankedChoice = (options: RankedChoiceOptions = {}): Voter =>
  reading('rankedChoice', () => {
    const { method } = checked('rankedChoice', options, {
      method: [oneOf(['borda', 'condorcet', 'instantRunoff'], ''), 'condorcet'],
    });
    return voterOfAll('rankedChoice', 'every ballot can change the result', (votes) => {
      const named = new Map<string, unknown>();
      const ballots = votes.map((vote) => {
        const items = itemsOf(vote);
        for (const [key, choice] of items) if (!named.has(key)) named.set(key, choice);
        return { ranking: [...items.keys()] };
      });
      const { winner, scores, preferences } = countRankings(ballots, method);
      if (winner === undefined) return { answer: undefined, consensus: 0, votes: Object.fromEntries(scores) };
      const rivals = [...named.keys()].filter((choice) => choice !== winner);
      const strongest = rivals.toSorted((a, b) => preferences(winner, a) - preferences(winner, b))[0];
      const lead =
        strongest === undefined
          ? ballots.filter(({ ranking }) => ranking.length > 0).length
          : preferences(winner, strongest);
      return {
        answer: named.get(winner),
        leadingVote: undefined,
        consensus: lead / ballots.length,
        votes: Object.fromEntries(scores),
        lead,
        runnerUp: strongest === undefined ? 0 : preferences(strongest, winner),
        total: ballots.length,
      };
    });
  });
