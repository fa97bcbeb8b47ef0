import { toRecord } from '../../domain/record.ts';
import { reading } from '../../options.ts';
import type { NaiveBayesOptions } from '../../strategies/voting/naive-bayes-checks.ts';
import { type Classes, classesOf } from './classes-of.ts';
import { dawidSkeneInSteps, type RaterVote } from './dawid-skene.ts';
import type { UnlabelledBallot } from './labelled-ballot.ts';
import { modelsIn, sharesIn } from './vote-counts.ts';
import { finished, pausingEach } from './work.ts';

/**
 * Learns the options of {@link naiveBayes} from votes alone: it estimates the right answers together with what each model
 * tends to answer. For answers from a small set that all questions share; use {@link fitOneCoin} for others.
 *
 * The estimate is the one that explains the votes best. That is the truth if most models are mostly right; if most models
 * share a bias, it is the bias. Strays (answers that do not recur) are ignored when the right answers are estimated;
 * afterwards, the strays of each model are counted.
 *
 * @throws {ConfigError} unless the ballots choose from 2 to 26 answers, strays aside.
 *
 * Source: Dawid and Skene (1979); each cell of a matrix begins with one vote divided by the number of classes.
 *
 * @example
 * ```ts
 * import { fitDawidSkene } from 'crucible-ensemble/experiment';
 *
 * const ballots = Array.from({ length: 60 }, (_, index) => {
 *   const right = index % 2 === 0 ? 'yes' : 'no';
 *   const votes = ['a', 'b', 'c'].map((model) => [model, { key: right }] as const);
 *   return { votes: new Map([...votes, ['naysayer', { key: 'no' }] as const]) };
 * });
 * const { classes, likelihoods } = fitDawidSkene(ballots);
 * classes; // => ['no', 'yes']
 * likelihoods.naysayer?.map((row) => row.map((share) => share.toFixed(2))); // => [['0.98', '0.02'], ['0.98', '0.02']]
 * ```
 */
export const fitDawidSkene = (ballots: readonly UnlabelledBallot[]): Required<NaiveBayesOptions> =>
  reading('fitDawidSkene', () => {
    const votesOnly = ballots.map(({ votes }) => ({ votes }));
    return finished(fitDawidSkeneInSteps(votesOnly, classesOf('fitDawidSkene', votesOnly)));
  });

/** As {@link fitDawidSkene}, for the classes of the votes, with pauses. */
export function* fitDawidSkeneInSteps(
  ballots: readonly Pick<UnlabelledBallot, 'votes'>[],
  { classes, withOther }: Classes,
): Generator<unknown, Required<NaiveBayesOptions>> {
  const places = new Map(classes.map((key, place) => [key, place]));
  yield;
  const raters = new Map(modelsIn(ballots).map((model, rater) => [model, rater]));
  const items: RaterVote[][] = [];
  yield* pausingEach(ballots, ({ votes }) => {
    const item: RaterVote[] = [];
    for (const [model, { key }] of votes) {
      const given = key === undefined ? undefined : places.get(key);
      if (given !== undefined) item.push([raters.get(model) ?? 0, given]);
    }
    items.push(item);
  });
  const estimate = yield* dawidSkeneInSteps(items, {
    raters: raters.size,
    classes: classes.length,
    smoothing: 1 / classes.length,
    tolerance: 1e-3,
    maxIterations: 50,
  });
  yield;
  const { prior, likelihoods } = withOther
    ? yield* withStrays(ballots, places, estimate.posteriors)
    : {
        prior: estimate.prior,
        likelihoods: toRecord(raters, (rater) => estimate.likelihoods[rater] ?? []),
      };
  return { classes, withOther, prior, likelihoods };
}

/** Counts votes again, by the estimated right answers, with one more row and column for strays. */
function* withStrays(
  ballots: readonly UnlabelledBallot[],
  places: ReadonlyMap<string, number>,
  posteriors: readonly (readonly number[])[],
): Generator<unknown, Pick<Required<NaiveBayesOptions>, 'prior' | 'likelihoods'>> {
  const size = places.size + 1;
  const smoothed = (): number[] => new Array<number>(size).fill(1 / size);
  const totals = smoothed();
  const matrices = new Map(modelsIn(ballots).map((model) => [model, totals.map(smoothed)]));
  const addTo = (row: number[] | undefined, place: number, share: number): void => {
    if (row !== undefined) row[place] = (row[place] ?? 0) + share;
  };
  yield* pausingEach(ballots, ({ votes }, item) => {
    for (const [right, share] of (posteriors[item] ?? []).entries()) {
      addTo(totals, right, share);
      for (const [model, { key }] of votes) {
        if (key !== undefined) addTo(matrices.get(model)?.[right], places.get(key) ?? places.size, share);
      }
    }
  });
  return { prior: sharesIn(totals), likelihoods: toRecord(matrices, (rows) => rows.map(sharesIn)) };
}
