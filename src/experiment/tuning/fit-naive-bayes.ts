import { toRecord } from '../../domain/record.ts';
import { reading } from '../../options.ts';
import type { NaiveBayesOptions } from '../../strategies/voting/naive-bayes-checks.ts';
import { type Classes, classesOf } from './classes-of.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { modelAccuracies } from './model-accuracies.ts';
import { sharesIn } from './vote-counts.ts';
import { finished, pausingEach } from './work.ts';

/**
 * Learns the options of {@link naiveBayes} from votes on questions with a known right answer: how often each class is right,
 * and how often each model then gives each answer. For answers from a small set that all questions share, such as yes and
 * no; use {@link fitLogOdds} for others.
 *
 * Each row of a model's matrix starts with one vote per class, distributed by the accuracy of the model, so a rare class is
 * estimated from the others. If all given answers are wrong and the right one is unknown, each class without a vote counts
 * in part.
 *
 * Classes are the answers that recur: on two questions, and on one in a hundred. All others, such as misread answers, are
 * strays, which share one row and one column (`withOther`).
 *
 * @throws {ConfigError} unless the ballots choose from 2 to 26 answers, strays aside.
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
export const fitNaiveBayes = (ballots: readonly LabelledBallot[]): Required<NaiveBayesOptions> =>
  reading('fitNaiveBayes', () =>
    finished(fitNaiveBayesInSteps(ballots, classesOf('fitNaiveBayes', ballots), modelAccuracies(ballots))),
  );

/** As {@link fitNaiveBayes}, for the classes of the ballots and how often each model is right, with pauses. */
export function* fitNaiveBayesInSteps(
  ballots: readonly LabelledBallot[],
  { classes, withOther }: Classes,
  accuracies: Readonly<Record<string, number>>,
): Generator<unknown, Required<NaiveBayesOptions>> {
  const places = new Map(classes.map((key, place) => [key, place]));
  const size = classes.length + (withOther ? 1 : 0);
  const other = classes.length;
  const every = Array.from({ length: size }, (_, place) => place);
  yield;
  const matrices = new Map(
    Object.entries(accuracies).map(([model, accuracy]) => [
      model,
      every.map((right) =>
        every.map((given) => (given === right ? accuracy : (1 - accuracy) / (size - 1)) * size),
      ),
    ]),
  );
  const totals = every.map(() => 1);
  yield;
  yield* pausingEach(ballots, (ballot) => {
    for (const [right, share] of sharesOf(ballot, places)) {
      totals[right] = (totals[right] ?? 0) + share;
      for (const [model, { key }] of ballot.votes) {
        if (key === undefined) continue;
        const given = places.get(key) ?? other;
        // A stray in place of another one that is right is in no cell.
        const isInMatrix = right < other || given < other || ballot.rightKeys.has(key);
        const row = matrices.get(model)?.[right];
        if (row !== undefined && isInMatrix) row[given] = (row[given] ?? 0) + share;
      }
    }
  });
  return {
    classes,
    withOther,
    prior: sharesIn(totals),
    likelihoods: toRecord(matrices, (rows) => rows.map(sharesIn)),
  };
}

/** Returns the share of a ballot that counts for each class, by its place. The shares sum to 1. */
const sharesOf = (
  { rightKeys, votes }: LabelledBallot,
  places: ReadonlyMap<string, number>,
): readonly (readonly [number, number])[] => {
  const named = new Set(Array.from(votes.values(), ({ key }) => key));
  const right =
    rightKeys.size > 0 ? Array.from(rightKeys) : Array.from(places.keys()).filter((key) => !named.has(key));
  return right.map((key) => [places.get(key) ?? places.size, 1 / right.length]);
};
