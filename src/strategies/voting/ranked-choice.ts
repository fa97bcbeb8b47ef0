import { answerKey } from '../../domain/answer-key.ts';
import { internal } from '../../domain/internal.ts';
import type { Vote } from '../../domain/outcome.ts';
import { toRecord } from '../../domain/record.ts';
import type { Voter } from '../../domain/voter.ts';
import { checked, oneOf, reading } from '../../options.ts';
import { countRankings, type RankingMethod } from './ranking/methods.ts';
import { choicesOf } from './ranking/pairwise.ts';

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
    const voter: Voter<Vote[]> = {
      name: 'rankedChoice',
      init: () => [],
      add(votes, vote) {
        votes.push(vote);
        return votes;
      },
      tally(votes) {
        const named = new Map<string, unknown>();
        const ballots = votes
          .toSorted((a, b) => a.index - b.index)
          .map((vote) => ({
            ranking: rankingOf(vote, (key, choice) => named.has(key) || named.set(key, choice)),
          }));
        const { winner, scores, preferences } = countRankings(ballots, method);
        if (winner === undefined) return { answer: undefined, consensus: 0, votes: toRecord(scores, same) };
        const rivals = choicesOf(ballots).filter((choice) => choice !== winner);
        const strongest = rivals.toSorted((a, b) => preferences(winner, a) - preferences(winner, b))[0];
        const lead =
          strongest === undefined
            ? ballots.filter(({ ranking }) => ranking.length > 0).length
            : preferences(winner, strongest);
        return {
          answer: named.get(winner),
          leadingVote: undefined,
          consensus: lead / ballots.length,
          votes: toRecord(scores, same),
          lead,
          runnerUp: strongest === undefined ? 0 : preferences(strongest, winner),
          total: ballots.length,
          margin: 0,
        };
      },
      [internal]: { undecidedBecause: 'every ballot can change the result' },
    };
    return voter as Voter;
  });

const same = (score: number): number => score;

/** The keys of the choices of a vote, the best first, each once. */
const rankingOf = ({ answer }: Vote, name: (key: string, choice: unknown) => unknown): readonly string[] => {
  const choices: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const keys = choices
    .filter((choice) => choice !== undefined && choice !== null)
    .map((choice) => {
      const key = answerKey(choice);
      name(key, choice);
      return key;
    });
  return [...new Set(keys)];
};
