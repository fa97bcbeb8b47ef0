import type { Voter } from '../../domain/voter.ts';
import { between, faultsOf, ofType, refuse } from '../../options.ts';
import { byWeight, Poll, weighingVoter } from './poll.ts';

/** Options of {@link logOdds}. */
export interface LogOddsOptions {
  /** How often each model of the panel is right, 0..1, by its id; measured on questions like those to come. */
  readonly accuracies: Readonly<Record<string, number>>;
  /** How many answers there are to choose from, from 2 on; need not be whole. Default 2. */
  readonly choices?: number;
}

/** No model is surer than this, so that one that was never wrong yet does not outvote all others together. */
const MOST_ACCURATE = 1 - 1e-6;

/**
 * The answer that is most probably right, where models err independently and a wrong one picks any of the
 * wrong answers: each vote weighs `ln(p (K - 1) / (1 - p))`, for a model that is right with probability p and
 * K answers to choose from. A model no better than chance weighs 0: it is not taken for its opposite. A tie is
 * decided as in {@link majority}.
 *
 * `metadata.confidence` is the probability that the answer is right, under these assumptions; real models err
 * together, so calibrate it, or compare with it only. A model's own confidence plays no part.
 *
 * Formula: Nitzan and Paroush, Optimal decision rules in uncertain dichotomous choice situations (1982), for
 * K = 2; for K answers, Ben-Yashar and Paroush (2001).
 *
 * @throws {ConfigError} for a share outside 0..1, or fewer than 2 choices; `createEnsemble` refuses a panel
 * whose accuracies are not all given, unless it is chosen by the query.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => 'Lyon'),
 *     defineModel('other', () => 'Lyon'),
 *     defineModel('large', () => 'Paris'),
 *   ],
 *   strategy: logOdds({ accuracies: { small: 0.6, other: 0.6, large: 0.8 } }),
 * });
 * const { text, metadata } = await ensemble.predict('What is the capital of France?');
 * text; // => 'Paris'
 * metadata.confidence?.toFixed(2); // => '0.64'
 * ```
 */
export const logOdds = (options: LogOddsOptions): Voter => {
  const faults = faultsOf('logOdds', options, {
    accuracies: ofType('object'),
    choices: between(2, Number.MAX_SAFE_INTEGER),
  });
  refuse(
    faults.length > 0 || options.accuracies !== undefined
      ? faults
      : ['logOdds: option "accuracies" must be given'],
  );
  const { accuracies, choices = 2 } = options;
  const share = between(0, 1);
  refuse(
    faultsOf(
      'logOdds.accuracies',
      accuracies,
      Object.fromEntries(Object.keys(accuracies).map((model) => [model, share])),
    ),
  );
  const weights = new Map(
    Object.entries(accuracies).map(([model, accuracy]) => [model, logOddsWeight(accuracy, choices)]),
  );
  const weightOf = (model: string): number => weights.get(model) ?? 0;
  return {
    ...weighingVoter(
      'logOdds',
      ({ model }) => weightOf(model),
      () => new PosteriorPoll(choices),
    ),
    ceiling: weightOf,
    faults: (panel) =>
      panel
        .filter((model) => !weights.has(model))
        .map((model) => `logOdds: option "accuracies" has none for "${model}" of the panel`),
  };
};

/** What a vote weighs of a model that is right with this probability, among so many choices. */
export const logOddsWeight = (accuracy: number, choices: number): number => {
  const probability = Math.min(accuracy, MOST_ACCURATE);
  return Math.max(0, Math.log((probability * (choices - 1)) / (1 - probability)));
};

/** A poll that knows how probable its leader is: the weights are logarithms of odds. */
class PosteriorPoll extends Poll {
  readonly #choices: number;

  constructor(choices: number) {
    super(byWeight);
    this.#choices = choices;
  }

  get confidence(): number {
    return posterior(this.weights, this.#choices);
  }
}

/** The probability of the heaviest of these answers; those that nobody gave weigh 0. Sorted: sums keep no order. */
export const posterior = (weights: readonly number[], choices: number): number => {
  const sorted = weights.toSorted((a, b) => b - a);
  const [most = 0] = sorted;
  const unheard = Math.max(0, choices - sorted.length) * Math.exp(-most);
  return 1 / sorted.reduce((sum, weight) => sum + Math.exp(weight - most), unheard);
};
