import { reading } from '../../options.ts';
import { type LogOddsOptions, logOddsWeight } from '../../strategies/voting/log-odds.ts';
import { choicesIn } from './effective-choices.ts';
import type { UnlabelledBallot } from './labelled-ballot.ts';
import { accuraciesOf, byModel } from './model-accuracies.ts';
import {
  labelledByMajority,
  type NumberedVotes,
  sampleOf,
  type VoteSample,
  voteCounts,
} from './vote-sample.ts';
import { finished } from './work.ts';

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
export const fitOneCoin = (ballots: readonly UnlabelledBallot[]): Required<LogOddsOptions> =>
  reading('fitOneCoin', () => finished(fitOneCoinInSteps(sampleOf(ballots))));

/** As {@link fitOneCoin}, for a sample, with pauses. Computes the probabilities of equal votes once. */
export function* fitOneCoinInSteps(sample: VoteSample): Generator<unknown, Required<LogOddsOptions>> {
  const labelled = labelledByMajority(sample);
  yield;
  const choices = choicesIn(labelled);
  yield;
  let accuracies = accuraciesOf(voteCounts(labelled));
  const posteriors = new Map(
    sample.ballots.map(({ votes }) => [votes, new Float64Array(votes.counts.length)] as const),
  );
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    yield;
    const before = accuracies;
    const weights = before.map((accuracy) => logOddsWeight(accuracy, choices));
    posteriors.forEach((posterior, votes) => {
      writePosterior(votes, weights, choices, posterior);
    });
    accuracies = accuraciesOf(voteCounts(sample, ({ votes }) => posteriors.get(votes) ?? []));
    if (accuracies.every((share, model) => Math.abs(share - (before[model] ?? 0)) < 1e-6)) break;
  }
  return { accuracies: byModel(sample, accuracies), choices };
}

const MAX_ITERATIONS = 200;

/** Writes the probability of each answer to a question; the rest is that of answers without a vote. */
const writePosterior = (
  { models, answers, counts }: NumberedVotes,
  weights: Float64Array,
  choices: number,
  posterior: Float64Array,
): void => {
  posterior.fill(0);
  for (let vote = 0; vote < models.length; vote += 1) {
    const answer = answers[vote] ?? 0;
    posterior[answer] = (posterior[answer] ?? 0) + (weights[models[vote] ?? 0] ?? 0);
  }
  let most = 0;
  for (const weight of posterior) most = Math.max(most, weight);
  let total = Math.max(0, choices - counts.length) * Math.exp(-most);
  for (let answer = 0; answer < counts.length; answer += 1) {
    const odds = Math.exp((posterior[answer] ?? 0) - most);
    posterior[answer] = odds;
    total += odds;
  }
  for (let answer = 0; answer < counts.length; answer += 1)
    posterior[answer] = (posterior[answer] ?? 0) / total;
};
