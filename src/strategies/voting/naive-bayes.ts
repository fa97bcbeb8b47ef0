import type { Vote } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { Voter } from '../../domain/voter.ts';
import { fromUnits, toUnits } from '../../domain/weight-units.ts';
import { checked, reading, required } from '../../options.ts';
import type { AdditiveVoter } from './additive-voter.ts';
import { BayesPoll } from './bayes-poll.ts';
import { likelihoodFaults, type NaiveBayesOptions, naiveBayesChecks } from './naive-bayes-checks.ts';

/**
 * The answer that is most probably right, by what each model tends to answer for each right class. A model that nearly
 * always says no counts for little when it says no, and for much when it says yes.
 *
 * An answer without a vote is never chosen. An answer that is not one of the classes counts as no evidence, and wins only
 * if no class has a vote. `metadata.confidence` is the probability that the answer is right if models err independently.
 * Real models err together, so calibrate it, or use it for comparisons only. `metadata.votes` and `metadata.consensus`
 * count every vote as one. A tie is decided as in {@link majority}.
 *
 * One more vote for the leader can dethrone it, if that model gives the answer more often when it is wrong.
 *
 * Formula: naive Bayes over the confusion matrices of Dawid and Skene (1979), equation 2.5.
 *
 * @throws {ConfigError} for classes, a prior or likelihoods that do not fit together. `createEnsemble` throws it if the
 * likelihoods of a model of its panel are missing, unless `models` is a function.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('naysayer', () => 'no'),
 *     defineModel('careful', () => 'yes'),
 *   ],
 *   normalization: 'boolean',
 *   strategy: naiveBayes({
 *     classes: ['false', 'true'],
 *     likelihoods: {
 *       naysayer: [[0.99, 0.01], [0.95, 0.05]],
 *       careful: [[0.8, 0.2], [0.3, 0.7]],
 *     },
 *   }),
 * });
 * const { answer, metadata } = await ensemble.predict('Is 7919 a prime number?');
 * answer; // => true
 * metadata.confidence?.toFixed(2); // => '0.77'
 * ```
 */
export const naiveBayes = (options: NaiveBayesOptions): Voter => {
  return reading('naiveBayes', () => {
    const { classes, likelihoods, prior } = checked(
      'naiveBayes',
      options,
      {
        classes: required(naiveBayesChecks.classes),
        prior: naiveBayesChecks.prior,
        likelihoods: required(naiveBayesChecks.likelihoods),
      },
      likelihoodFaults(options),
    );
    const start = (prior ?? classes.map(() => 1)).map((probability) => toUnits(Math.log(probability)));
    const places = new Map(classes.map((key, place) => [key, place]));
    const models = new Map(Object.entries(likelihoods).map(([model, rows]) => [model, evidenceOf(rows)]));
    const placeOf = (key: string): number => places.get(key) ?? -1;
    const columnOf = ({ model, key }: Vote): readonly number[] =>
      models.get(model)?.columns[placeOf(key)] ?? [];
    const voter: AdditiveVoter<BayesPoll> = {
      name: 'naiveBayes',
      init: () => new BayesPoll(places, start),
      add: (poll, vote) => poll.add(vote, columnOf(vote)),
      tally: (poll) => poll,
      ceiling: (model) => fromUnits(models.get(model)?.most ?? 0),
      unitsAtStart: (key) => start[placeOf(key)] ?? Number.NEGATIVE_INFINITY,
      unitsFor: (vote, key) => columnOf(vote)[placeOf(key)] ?? 0,
      faults: (panel) =>
        panel
          .filter((model) => !models.has(model))
          .map(
            (model) =>
              `naiveBayes: option "likelihoods" has no likelihoods for ${quotedName(model)}, a model of the panel: add them`,
          ),
    };
    return voter;
  });
};

/** What the votes of one model say for each class, in units. */
interface Evidence {
  /** For each class that it may give: the logarithm of how often it does, for each class that may be right. */
  readonly columns: readonly (readonly number[])[];
  /** The most that one of its votes can bring one class forward against another. */
  readonly most: number;
}

const evidenceOf = (rows: readonly (readonly number[])[]): Evidence => {
  const columns = rows.map((_, given) => rows.map((row) => toUnits(Math.log(row[given] ?? 1))));
  return { columns, most: Math.max(...columns.map((column) => Math.max(...column) - Math.min(...column))) };
};
