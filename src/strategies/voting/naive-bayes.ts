import type { Vote } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { Voter } from '../../domain/voter.ts';
import { fromUnits, toUnits } from '../../domain/weight-units.ts';
import { checked, reading, required } from '../../options.ts';
import type { AdditiveVoter } from './additive-voter.ts';
import { BayesPoll, type Evidence } from './bayes-poll.ts';
import { likelihoodFaults, type NaiveBayesOptions, naiveBayesChecks } from './naive-bayes-checks.ts';

/**
 * Chooses the answer that is most probably right, given how often each model gives each answer for each right class. If a
 * model nearly always says no, its no has little weight, and its yes has much.
 *
 * An answer without a vote is never chosen. An answer that is not one of the classes is a stray. With `withOther`, strays
 * have their own row and column. Without, they are no evidence, and win only if no class has a vote. `metadata.confidence`
 * is the probability that the answer is right if models err independently. Real models make the same errors, so calibrate
 * it, or use it only for comparisons. `metadata.votes` and `metadata.consensus` count every vote as one. A tie is decided as
 * in {@link majority}.
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
 * import { createEnsemble, defineModel, naiveBayes } from 'crucible-ensemble';
 *
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
    const { classes, withOther, likelihoods, prior } = checked(
      'naiveBayes',
      options,
      {
        classes: required(naiveBayesChecks.classes),
        withOther: [naiveBayesChecks.withOther, false],
        prior: naiveBayesChecks.prior,
        likelihoods: required(naiveBayesChecks.likelihoods),
      },
      likelihoodFaults(options),
    );
    const size = classes.length + (withOther ? 1 : 0);
    const start = (prior ?? new Array<number>(size).fill(1)).map((share) => toUnits(Math.log(share)));
    const places = new Map(classes.map((key, place) => [key, place]));
    const models = new Map(
      Object.entries(likelihoods).map(([model, rows]) => [model, evidenceOf(rows, withOther)]),
    );
    const other = withOther ? classes.length : undefined;
    const placeOf = (key: string): number => places.get(key) ?? other ?? -1;
    const evidenceFor = ({ model, key }: Vote): Evidence =>
      models.get(model)?.given[placeOf(key)] ?? noEvidence;
    const voter: AdditiveVoter<BayesPoll> = {
      name: 'naiveBayes',
      init: () => new BayesPoll(places, start, other),
      add: (poll, vote) => poll.add(vote, evidenceFor(vote)),
      tally: (poll) => poll,
      ceiling: (model) => fromUnits(models.get(model)?.most ?? 0),
      unitsAtStart: (key) => start[placeOf(key)] ?? Number.NEGATIVE_INFINITY,
      unitsFor(vote, key) {
        const { column, own } = evidenceFor(vote);
        return (column[placeOf(key)] ?? 0) + (vote.key === key ? own : 0);
      },
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

const noEvidence: Evidence = { column: [], own: 0 };

/** What the votes of one model say. */
interface ModelEvidence {
  /** For each class that it may give. */
  readonly given: readonly Evidence[];
  /** The most that one of its votes can bring one answer forward against another. */
  readonly most: number;
}

const evidenceOf = (rows: readonly (readonly number[])[], withOther: boolean): ModelEvidence => {
  const other = withOther ? rows.length - 1 : -1;
  const given = rows.map((_, place): Evidence => {
    const column = rows.map((row) => toUnits(Math.log(row[place] ?? 1)));
    if (place !== other) return { column, own: 0 };
    // If another stray is right, the model strays as often as it does on average over the classes.
    const shares = rows.slice(0, other).map((row) => row[other] ?? 1);
    const astray = toUnits(Math.log(shares.reduce((sum, share) => sum + share, 0) / shares.length));
    const own = (column[other] ?? 0) - astray;
    return { column: column.with(other, astray), own };
  });
  return { given, most: Math.max(...given.map(spreadOf)) };
};

/** How far a vote can move its own answer, or any answer, against another. */
const spreadOf = ({ column, own }: Evidence): number => {
  const sums = own === 0 ? column : [...column, (column.at(-1) ?? 0) + own];
  return Math.max(...sums) - Math.min(...sums);
};
