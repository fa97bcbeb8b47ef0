import { quotedName } from '../../domain/quoting.ts';
import type { Voter } from '../../domain/voter.ts';
import { between, checked, ofType, reading, recordFaults, required } from '../../options.ts';
import { byWeight, Poll, weighingVoter } from './poll.ts';

/** Options of {@link logOdds}. */
export interface LogOddsOptions {
  /** The accuracy of each model of the panel, by its id, measured on questions like the future ones. Range 0..1. */
  readonly accuracies: Readonly<Record<string, number>>;
  /** The number of answers to choose from; need not be whole. Default 2, at least 2. */
  readonly choices?: number;
}

/** The highest accuracy that counts, so that a model without an error so far does not outvote all others together. */
const MOST_ACCURATE = 1 - 1e-6;

/**
 * Chooses the answer that is most probably right, if models err independently and a wrong model picks any of the wrong
 * answers with equal probability. Each vote weighs `ln(p (K - 1) / (1 - p))`, for a model with accuracy p and K answers to
 * choose from. A model no better than chance weighs 0; its answer is not turned around. A tie is decided as in {@link
 * majority}.
 *
 * `metadata.confidence` is the probability that the answer is right under these assumptions. Real models make the same
 * errors, so calibrate it, or use it only for comparisons. A model's own confidence has no effect.
 *
 * Formula: Nitzan and Paroush, Optimal decision rules in uncertain dichotomous choice situations (1982), for K = 2; for K
 * answers, Ben-Yashar and Paroush (2001).
 *
 * @throws {ConfigError} for an accuracy outside 0..1, or fewer than 2 choices. `createEnsemble` throws it if an accuracy of
 * its panel is missing, unless `models` is a function.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, logOdds } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => 'Lyon'),
 *     defineModel('other', () => 'Lyon'),
 *     defineModel('large', () => 'Paris'),
 *   ],
 *   strategy: logOdds({ accuracies: { small: 0.6, other: 0.6, large: 0.8 } }),
 * });
 * const { answer, metadata } = await ensemble.predict('What is the capital of France?');
 * answer; // => 'paris'
 * metadata.confidence?.toFixed(2); // => '0.64'
 * ```
 */
export const logOdds = (options: LogOddsOptions): Voter => {
  return reading('logOdds', () => {
    const faults = recordFaults('logOdds.accuracies', options?.accuracies, between(0, 1));
    const { accuracies, choices } = checked(
      'logOdds',
      options,
      { accuracies: required(ofType('object')), choices: [between(2, Number.MAX_SAFE_INTEGER), 2] },
      faults,
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
          .map(
            (model) =>
              `logOdds: option "accuracies" has no accuracy for ${quotedName(model)}, a model of the panel: add it`,
          ),
    };
  });
};

/** Returns the weight of a vote of a model with this accuracy, among `choices` answers. */
export const logOddsWeight = (accuracy: number, choices: number): number => {
  const probability = Math.min(accuracy, MOST_ACCURATE);
  return Math.max(0, Math.log((probability * (choices - 1)) / (1 - probability)));
};

/** A poll that computes the probability of its leader: the weights are logarithms of odds. */
class PosteriorPoll extends Poll {
  readonly #choices: number;

  constructor(choices: number) {
    super(byWeight);
    this.#choices = choices;
  }

  override get confidence(): number {
    return posterior(this.weights, this.#choices);
  }
}

/**
 * Returns the probability of the answer with the largest weight; answers without a vote weigh 0. Sorts the weights, because
 * a sum of floating-point numbers depends on their order.
 */
const posterior = (weights: readonly number[], choices: number): number => {
  const sorted = weights.toSorted((a, b) => b - a);
  const [most = 0] = sorted;
  const unheard = Math.max(0, choices - sorted.length) * Math.exp(-most);
  return 1 / sorted.reduce((sum, weight) => sum + Math.exp(weight - most), unheard);
};
