import { internal } from '../../domain/internal.ts';
import { plainName, quotedName } from '../../domain/quoting.ts';
import type { Voter } from '../../domain/voter.ts';
import { between, checked, ofType, reading, recordFaults } from '../../options.ts';
import { weighingVoter } from './poll.ts';

/** Options of {@link weighted}. */
export interface WeightedOptions {
  /** The fixed weight of a model, by its id. Default 1 for each model, range 0..1000. */
  readonly weights?: Readonly<Record<string, number>>;
}

/**
 * The answer with the most weight. A vote weighs its model's fixed weight times its confidence; a missing weight or
 * confidence counts as 1. A tie is decided as in {@link majority}.
 *
 * Weights are summed in billionths, so the result is the same for every order of arrival.
 *
 * @throws {ConfigError} for a weight outside 0..1000. `createEnsemble` throws it for weights of models that are not in its
 * panel, unless `models` is a function.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, weighted } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => ({ text: 'Lyon', confidence: 0.4 })),
 *     defineModel('other', () => ({ text: 'Lyon', confidence: 0.3 })),
 *     defineModel('large', () => ({ text: 'Paris', confidence: 0.9 })),
 *   ],
 *   strategy: weighted({ weights: { large: 2 } }),
 * });
 * const { answer, metadata } = await ensemble.predict('What is the capital of France?');
 * answer; // => 'paris'
 * metadata.votes; // => { lyon: 0.7, paris: 1.8 }
 * ```
 */
export const weighted = (options: WeightedOptions = {}): Voter => {
  return reading('weighted', () => {
    const faults = recordFaults('weighted.weights', options?.weights, between(0, 1000));
    const given = checked('weighted', options, { weights: [ofType('object'), {}] }, faults);
    const weights = new Map(Object.entries(given.weights));
    const ceiling = (model: string): number => weights.get(model) ?? 1;
    return {
      ...weighingVoter('weighted', ({ model, confidence = 1 }) => ceiling(model) * confidence),
      ceiling,
      [internal]: { usesConfidence: weights.size === 0 },
      faults(panel) {
        const ids = new Set(panel);
        const named = namesOf(panel);
        return Array.from(weights.keys())
          .filter((model) => !ids.has(model))
          .map(
            (model) =>
              `weighted: option "weights" names ${quotedName(model)}, but the panel is ${named}: correct the id, or remove it`,
          );
      },
    };
  });
};

/** The maximum number of ids in a message: a large panel would be repeated for each fault. */
const MAX_LISTED = 20;

const namesOf = (panel: readonly string[]): string =>
  panel.length <= MAX_LISTED
    ? panel.map(plainName).join(', ')
    : `${panel.slice(0, MAX_LISTED).map(plainName).join(', ')} and ${panel.length - MAX_LISTED} more`;
