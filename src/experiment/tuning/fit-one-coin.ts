import { toRecord } from '../../domain/record.ts';
import { reading } from '../../options.ts';
import { type LogOddsOptions, logOddsWeight } from '../../strategies/voting/log-odds.ts';
import { effectiveChoices } from './effective-choices.ts';
import type { UnlabelledBallot } from './labelled-ballot.ts';
import { accuracyOf, modelAccuracies } from './model-accuracies.ts';
import { labelledByMajority, voteCounts, weightsByKey } from './vote-counts.ts';

/**
 * Learns the options of {@link logOdds} from votes, without right answers, for questions that do not share a set of answers:
 * it estimates the accuracy of each model together with the right answers. As with {@link fitDawidSkene}, a majority that
 * errs together counts as right.
 *
 * Source: the one-coin model of Dawid and Skene (1979), by expectation maximization from the majority; `K` from how often
 * votes against the majority agree. The accuracy of a model starts as one right vote of two.
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
  return reading('fitOneCoin', () => {
    const labelled = labelledByMajority(ballots);
    const choices = effectiveChoices(labelled);
    let accuracies = modelAccuracies(labelled);
    for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
      const before = accuracies;
      const posteriors = ballots.map((ballot) => posteriorsOf(ballot, before, choices));
      const counts = voteCounts(ballots, (key, _ballot, index) => posteriors[index]?.get(key) ?? 0);
      accuracies = toRecord(counts, accuracyOf);
      const changes = Object.entries(accuracies).map(([model, share]) =>
        Math.abs(share - (before[model] ?? 0)),
      );
      if (Math.max(...changes) < 1e-6) break;
    }
    return { accuracies, choices };
  });
};

const MAX_ITERATIONS = 200;

/** Returns the probability of each answer to a question; the rest is that of answers without a vote. */
const posteriorsOf = (
  { votes }: UnlabelledBallot,
  accuracies: Readonly<Record<string, number>>,
  choices: number,
): ReadonlyMap<string, number> => {
  const weights = weightsByKey(votes, (_vote, model) => logOddsWeight(accuracies[model] ?? 0.5, choices));
  const most = Math.max(0, ...weights.values());
  const unheard = Math.max(0, choices - weights.size) * Math.exp(-most);
  const total = Array.from(weights.values()).reduce((sum, weight) => sum + Math.exp(weight - most), unheard);
  return new Map(Array.from(weights, ([key, weight]) => [key, Math.exp(weight - most) / total] as const));
};
