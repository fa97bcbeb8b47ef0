import type { StopRule } from '../../domain/execution.ts';
import { between, checked, required } from '../../options.ts';
import { ruleOf } from './rule-of.ts';

/**
 * Stops when a vote for the leading answer has a confidence of at least `threshold`, 0..1. A vote without a confidence never
 * ends the vote.
 *
 * @throws {ConfigError} for a threshold outside 0..1.
 *
 * @example
 * ```ts
 * import { confident, createEnsemble, defineModel } from 'crucible-ensemble';
 * import { concat } from 'rxjs';
 *
 * const ensemble = createEnsemble({
 *   models: [0.5, 0.95, 0.99].map((confidence) =>
 *     defineModel(`sure-${confidence}`, () => ({ text: 'Paris', confidence })),
 *   ),
 *   execution: { schedule: (calls) => concat(...calls), earlyStop: confident(0.9) },
 * });
 * const { metadata } = await ensemble.predict('What is the capital of France?');
 * metadata.modelsUsed; // => ['sure-0.5', 'sure-0.95']
 * ```
 */
export const confident = (threshold: number): StopRule => {
  checked('confident', { threshold }, { threshold: required(between(0, 1)) });
  return ruleOf('confident', (tally) => tally.confidence !== undefined && tally.confidence >= threshold, {
    usesConfidence: true,
  });
};
