import { toRecord } from '../../domain/record.ts';
import { reading } from '../../options.ts';
import type { NaiveBayesOptions } from '../../strategies/voting/naive-bayes-checks.ts';
import { classesOf } from './classes-of.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { modelAccuracies } from './model-accuracies.ts';

/**
 * Learns the options of {@link naiveBayes} from votes on questions with a known right answer: how often each class is right,
 * and what each model answers then. For answers from a small set that all questions share, such as yes and no; use
 * {@link fitLogOdds} for others.
 *
 * Each row of a model's matrix starts with one vote for each class, distributed by the accuracy of the model, so that a rare
 * class is judged by the others. If all given answers are wrong and the right one is unknown, each class without a vote
 * counts in part.
 *
 * @throws {ConfigError} unless the ballots choose from 2 to 26 answers.
 *
 * @example
 * ```ts
 * import { fitNaiveBayes } from 'crucible-ensemble/experiment';
 *
 * const ballots = ['yes', 'yes', 'no', 'no'].map((right, index) => ({
 *   id: `${index}`,
 *   rightKeys: new Set([right]),
 *   votes: new Map([['naysayer', { key: 'no' }], ['b', { key: right }]]),
 * }));
 * const { classes, likelihoods } = fitNaiveBayes(ballots);
 * classes; // => ['no', 'yes']
 * likelihoods.naysayer; // => [[0.75, 0.25], [0.75, 0.25]]
 * ```
 */
export const fitNaiveBayes = (ballots: readonly LabelledBallot[]): Required<NaiveBayesOptions> => {
  return reading('fitNaiveBayes', () => {
    const classes = classesOf('fitNaiveBayes', ballots);
    const places = new Map(classes.map((key, place) => [key, place]));
    const size = classes.length;
    const matrices = new Map(
      Object.entries(modelAccuracies(ballots)).map(([model, accuracy]) => [
        model,
        classes.map((_, right) =>
          classes.map((_, given) => (given === right ? accuracy : (1 - accuracy) / (size - 1)) * size),
        ),
      ]),
    );
    const totals = classes.map(() => 1);
    for (const ballot of ballots) {
      for (const [right, share] of sharesOf(ballot, places)) {
        totals[right] = (totals[right] ?? 0) + share;
        for (const [model, { key }] of ballot.votes) {
          const given = key === undefined ? undefined : places.get(key);
          const row = matrices.get(model)?.[right];
          if (row !== undefined && given !== undefined) row[given] = (row[given] ?? 0) + share;
        }
      }
    }
    return {
      classes,
      prior: sharesIn(totals),
      likelihoods: toRecord(matrices, (rows) => rows.map(sharesIn)),
    };
  });
};

const sharesIn = (counts: readonly number[]): number[] => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
};

/** Returns the share of a ballot that counts for each class, by its place. The shares sum to 1. */
const sharesOf = (
  { rightKeys, votes }: LabelledBallot,
  places: ReadonlyMap<string, number>,
): readonly (readonly [number, number])[] => {
  const named = new Set(Array.from(votes.values(), ({ key }) => key));
  const right =
    rightKeys.size > 0 ? Array.from(rightKeys) : Array.from(places.keys()).filter((key) => !named.has(key));
  return right.map((key) => [places.get(key) ?? 0, 1 / right.length]);
};
