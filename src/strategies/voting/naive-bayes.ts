import type { Vote } from '../../domain/outcome.ts';
import { toRecord } from '../../domain/record.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { fromUnits, toUnits } from '../../domain/weight-units.ts';
import { faultsOf, refuse } from '../../options.ts';
import type { AdditiveVoter } from './additive-voter.ts';
import { conviction } from './conviction.ts';
import { likelihoodFaults, type NaiveBayesOptions, naiveBayesChecks } from './naive-bayes-checks.ts';

/**
 * The answer that is most probably right, by what each model tends to say when each of the classes is: a model
 * that nearly always says no counts for little when it says so, and for much when it says yes.
 *
 * An answer that nobody gave is never chosen. One that is none of the classes counts as no evidence, and wins
 * only where nothing else was said. `metadata.confidence` is the probability that the answer is right if models
 * err independently; real ones err together, so calibrate it, or compare with it only. Votes, and with them the
 * consensus, are counted by heads. A tie is decided as in {@link majority}.
 *
 * A further vote for the leader can dethrone it, where a model says a thing more often when it is wrong.
 *
 * Formula: naive Bayes over the confusion matrices of Dawid and Skene (1979), equation 2.5.
 *
 * @throws {ConfigError} for classes, a prior or likelihoods that do not fit each other; `createEnsemble` refuses
 * a panel whose likelihoods are not all given, unless it is chosen by the query.
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
  refuse(faultsOf('naiveBayes', options, naiveBayesChecks));
  refuse(likelihoodFaults(options));
  const { classes, likelihoods } = options;
  const prior = options.prior ?? classes.map(() => 1);
  const start = prior.map((share) => toUnits(Math.log(share)));
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
        .map((model) => `naiveBayes: option "likelihoods" has none for "${model}" of the panel`),
  };
  return voter;
};

/** What the answers of one model speak for, in units. */
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

/** A running count of evidence: a sum for each class, and the votes by heads. */
class BayesPoll implements Standing {
  readonly #places: ReadonlyMap<string, number>;
  readonly #scores: number[];
  /** The votes for each answer, and the one that speaks for it. */
  readonly #sides = new Map<string, { count: number; spokesman: Vote }>();
  /** The leading vote, until another vote is added. */
  #leader: Vote | undefined;

  constructor(places: ReadonlyMap<string, number>, start: readonly number[]) {
    this.#places = places;
    this.#scores = [...start];
  }

  /** Counts one vote, with what it says for each class. */
  add(vote: Vote, column: readonly number[]): this {
    this.#leader = undefined;
    const side = this.#sides.get(vote.key);
    if (side === undefined) this.#sides.set(vote.key, { count: 1, spokesman: vote });
    else {
      side.count += 1;
      if (conviction(vote, side.spokesman) > 0) side.spokesman = vote;
    }
    column.forEach((units, index) => {
      this.#scores[index] = (this.#scores[index] ?? 0) + units;
    });
    return this;
  }

  /** Answers that are no class rank below those that are, by heads. */
  get leadingVote(): Vote | undefined {
    this.#leader ??= this.#findLeader();
    return this.#leader;
  }
  #findLeader(): Vote | undefined {
    let best: { readonly count: number; readonly score: number; readonly spokesman: Vote } | undefined;
    for (const [key, { count, spokesman }] of this.#sides) {
      const place = this.#places.get(key);
      const score = place === undefined ? Number.NEGATIVE_INFINITY : (this.#scores[place] ?? 0);
      const isAhead =
        best === undefined ||
        (score === best.score
          ? ((score === Number.NEGATIVE_INFINITY ? count - best.count : 0) ||
              conviction(spokesman, best.spokesman)) > 0
          : score > best.score);
      if (isAhead) best = { count, score, spokesman };
    }
    return best?.spokesman;
  }
  get answer(): unknown {
    return this.leadingVote?.answer;
  }
  get #place(): number | undefined {
    return this.#places.get(this.leadingVote?.key ?? '');
  }
  get confidence(): number {
    const place = this.#place;
    if (place === undefined) return 0;
    const own = this.#scores[place] ?? 0;
    return 1 / this.#scores.reduce((sum, score) => sum + Math.exp(fromUnits(score - own)), 0);
  }
  get margin(): number {
    const place = this.#place;
    if (place === undefined) return 0;
    const others = this.#scores.filter((_, index) => index !== place);
    return fromUnits((this.#scores[place] ?? 0) - Math.max(...others));
  }
  get total(): number {
    return Array.from(this.#sides.values()).reduce((sum, { count }) => sum + count, 0);
  }
  get lead(): number {
    return this.#sides.get(this.leadingVote?.key ?? '')?.count ?? 0;
  }
  get runnerUp(): number {
    const leader = this.leadingVote?.key;
    return Math.max(0, ...Array.from(this.#sides, ([key, { count }]) => (key === leader ? 0 : count)));
  }
  get consensus(): number {
    return this.total === 0 ? 0 : this.lead / this.total;
  }
  get votes(): Record<string, number> {
    return toRecord(this.#sides, ({ count }) => count);
  }
}
