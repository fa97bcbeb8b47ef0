import type { Voter } from '../../domain/voter.ts';
import { between, faultsOf, refuse } from '../../options.ts';
import { weighingVoter } from './poll.ts';

/** Options of {@link confidenceWeighted}. */
export interface ConfidenceWeightedOptions {
  /**
   * How much confidences count, 0.05..1000: with a low temperature the most confident votes decide, with a high
   * one the number of votes. Default 1.
   */
  readonly temperature?: number;
}

/**
 * The answer with the most confidence behind it: a vote weighs `exp((confidence - 1) / temperature)`, which is
 * the softmax of the confidences but for a factor that all votes share. A vote without a confidence weighs
 * 1, as in {@link weighted}. A tie is decided as in {@link majority}.
 *
 * It takes confidences that mean the same: samples of one model, or models that were calibrated.
 *
 * Formula: CISC, Taubenfeld and others, Confidence improves self-consistency in LLMs (2025), arXiv 2502.06233.
 *
 * @throws {ConfigError} for a temperature outside 0.05..1000.
 *
 * @example
 * ```ts
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
  refuse(faultsOf('confidenceWeighted', options, { temperature: between(0.05, 1000) }));
  const { temperature = 1 } = options;
  return weighingVoter('confidenceWeighted', ({ confidence }) => confidenceWeight(confidence, temperature));
};

/** What a vote of this confidence weighs, up to 1. */
export const confidenceWeight = (confidence = 1, temperature = 1): number =>
  Math.exp((confidence - 1) / temperature);
