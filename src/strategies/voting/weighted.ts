import type { Voter } from '../../domain/voter.ts';
import { between, type Check, faultsOf, ofType, refuse } from '../../options.ts';
import { weighingVoter } from './poll.ts';

/** Options of {@link weighted}. */
export interface WeightedOptions {
  /** A fixed weight for a model, by its id: 0 to 1000; 1 for a model that is not named. */
  readonly weights?: Readonly<Record<string, number>>;
}

const weight: Check = between(0, 1000);

/**
 * The answer with the most weight behind it. A vote weighs its model's fixed weight times its
 * confidence; each is 1 where it is missing. A tie is decided as in {@link majority}.
 *
 * Weights are summed in billionths, so the result is the same for every order of arrival.
 *
 * @throws {ConfigError} for a weight outside 0..1000; `createEnsemble` refuses weights for models that
 * its panel does not have, unless the panel is chosen by the query.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => ({ text: 'Lyon', confidence: 0.4 })),
 *     defineModel('other', () => ({ text: 'Lyon', confidence: 0.3 })),
 *     defineModel('large', () => ({ text: 'Paris', confidence: 0.9 })),
 *   ],
 *   strategy: weighted({ weights: { large: 2 } }),
 * });
 * const { text, metadata } = await ensemble.predict('What is the capital of France?');
 * text; // => 'Paris'
 * metadata.votes; // => { lyon: 0.7, paris: 1.8 }
 * ```
 */
export const weighted = (options: WeightedOptions = {}): Voter => {
  refuse(faultsOf('weighted', options, { weights: ofType('object') }));
  const weights = new Map(Object.entries(options.weights ?? {}));
  refuse(
    faultsOf(
      'weighted.weights',
      options.weights ?? {},
      Object.fromEntries(Array.from(weights.keys(), (model) => [model, weight])),
    ),
  );
  const ceiling = (model: string): number => weights.get(model) ?? 1;
  return {
    ...weighingVoter('weighted', ({ model, confidence = 1 }) => ceiling(model) * confidence),
    ceiling,
    faults: (panel) =>
      Array.from(weights.keys())
        .filter((model) => !panel.includes(model))
        .map((model) => `weighted: option "weights" names "${model}", but the panel is ${panel.join(', ')}`),
  };
};
