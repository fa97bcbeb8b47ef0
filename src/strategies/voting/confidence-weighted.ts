import { internal } from '../../domain/internal.ts';
import type { Voter } from '../../domain/voter.ts';
import { between, checked } from '../../options.ts';
import { weighingVoter } from './poll.ts';

/** Options of {@link confidenceWeighted}. */
export interface ConfidenceWeightedOptions {
  /**
   * How much confidences count. With a low temperature the most confident votes decide, with a high one the number of
   * votes. Default 1, range 0.05..1000.
   */
  readonly temperature?: number;
}

/**
 * The answer with the most confidence. A vote weighs `exp((confidence - 1) / temperature)`: the softmax of the
 * confidences, up to a factor that all votes share. A vote without a confidence weighs 1, as in {@link weighted}. A tie is
 * decided as in {@link majority}.
 *
 * Requires confidences on one scale: samples of one model, or calibrated models.
 *
 * Formula: CISC, Taubenfeld and others, Confidence improves self-consistency in LLMs (2025), arXiv 2502.06233.
 *
 * @throws {ConfigError} for a temperature outside 0.05..1000.
 *
 * @example
 * ```ts
 * import { confidenceWeighted, createEnsemble, defineModel } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('a', () => ({ text: 'Lyon', confidence: 0.3 })),
 *     defineModel('b', () => ({ text: 'Lyon', confidence: 0.4 })),
 *     defineModel('c', () => ({ text: 'Paris', confidence: 0.9 })),
 *   ],
 *   strategy: confidenceWeighted({ temperature: 0.5 }),
 * });
 * (await ensemble.predict('What is the capital of France?')).text; // => 'Paris'
 * ```
 */
export const confidenceWeighted = (options: ConfidenceWeightedOptions = {}): Voter => {
  const { temperature } = checked('confidenceWeighted', options, { temperature: [between(0.05, 1000), 1] });
  return {
    ...weighingVoter('confidenceWeighted', ({ confidence }) => confidenceWeight(confidence, temperature)),
    [internal]: { usesConfidence: true },
  };
};

/** Returns the weight of a vote with this confidence, at most 1. */
export const confidenceWeight = (confidence = 1, temperature = 1): number =>
  Math.exp((confidence - 1) / temperature);
