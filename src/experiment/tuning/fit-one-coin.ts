import { toRecord } from '../../domain/record.ts';
import { type LogOddsOptions, logOddsWeight } from '../../strategies/voting/log-odds.ts';
import { effectiveChoices } from './effective-choices.ts';
import type { UnlabelledBallot } from './labelled-ballot.ts';
import { labelledByMajority } from './labelled-by-majority.ts';

/**
 * What {@link logOdds} needs to know of each model, learned from votes alone, for questions that each have
 * answers of their own: how often each model is right is estimated together with which answers are. As with
 * {@link fitDawidSkene}, a majority that errs together is taken for the truth.
 *
 * Source: the one-coin model of Dawid and Skene (1979), by expectation maximization from the majority; `K`
 * from how votes against the majority fall together. A model's share begins as one vote of two.
 *
 * @example
 * ```ts
 * import { fitOneCoin } from 'crucible-ensemble/experiment';
 *
 * const ballots = Array.from({ length: 50 }, (_, index) => ({
 *   votes: new Map([
 *     ['a', { key: `${index}` }],
 *     ['b', { key: `${index}` }],
 *     ['c', { key: index % 5 === 0 ? `${index + 1}` : `${index}` }],
 *   ]),
 * }));
 * const { accuracies } = fitOneCoin(ballots);
 * accuracies.c?.toFixed(2); // => '0.79'
 * ```
 */
export const fitOneCoin = (ballots: readonly UnlabelledBallot[]): Required<LogOddsOptions> => {
  const labelled = labelledByMajority(ballots);
  const choices = effectiveChoices(labelled);
  let accuracies = accuraciesIn(ballots, (index, key) => (labelled[index]?.rightKeys.has(key) ? 1 : 0));
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const before = accuracies;
    const posteriors = ballots.map((ballot) => posteriorsOf(ballot, before, choices));
    accuracies = accuraciesIn(ballots, (index, key) => posteriors[index]?.get(key) ?? 0);
    const changes = Array.from(accuracies, ([model, share]) => Math.abs(share - (before.get(model) ?? 0)));
    if (Math.max(...changes) < 1e-6) break;
  }
  return { accuracies: toRecord(accuracies, (share) => share), choices };
};

const MAX_ITERATIONS = 200;

/** How often each model is right, where each of its answers is right with some probability. */
const accuraciesIn = (
  ballots: readonly UnlabelledBallot[],
  probability: (ballot: number, key: string) => number,
): Map<string, number> => {
  const counts = new Map<string, { right: number; votes: number }>();
  ballots.forEach(({ votes }, index) => {
    for (const [model, { key }] of votes) {
      const count = counts.get(model) ?? { right: 0, votes: 0 };
      counts.set(model, count);
      if (key === undefined) continue;
      count.votes += 1;
      count.right += probability(index, key);
    }
  });
  return new Map(
    Array.from(counts, ([model, { right, votes }]) => [model, (right + 1) / (votes + 2)] as const),
  );
};

/** How probable each of the answers to a question is; the rest is for the answers that nobody gave. */
const posteriorsOf = (
  { votes }: UnlabelledBallot,
  accuracies: ReadonlyMap<string, number>,
  choices: number,
): ReadonlyMap<string, number> => {
  const weights = new Map<string, number>();
  for (const [model, { key }] of votes) {
    if (key === undefined) continue;
    weights.set(key, (weights.get(key) ?? 0) + logOddsWeight(accuracies.get(model) ?? 0.5, choices));
  }
  const most = Math.max(0, ...weights.values());
  const unheard = Math.max(0, choices - weights.size) * Math.exp(-most);
  const total = Array.from(weights.values()).reduce((sum, weight) => sum + Math.exp(weight - most), unheard);
  return new Map(Array.from(weights, ([key, weight]) => [key, Math.exp(weight - most) / total] as const));
};
